import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareSpans, inScheme, schemeOf, spansOf, type Scheme } from './spans.ts'

const golden = JSON.parse(readFileSync(new URL('../../../../../test/golden/spans.json', import.meta.url), 'utf8')) as {
  readonly target: string[][]; readonly predicted: string[][]; readonly spans: [number, number, string][][]
  readonly precision: number; readonly recall: number; readonly f1: number
}
const tags = (text: string): string[] => text.split(' ')
const schemes: readonly Scheme[] = ['IOB1', 'IOB2', 'IOBES', 'BILOU', 'BMES']

describe('spans', () => {
  it('are those that NLTK finds, and as well found as it says', () => {
    expect(golden.target.map((each) => spansOf(each).map(({ start, end, type }) => [start, end, type]))).toEqual(
      golden.spans,
    )
    const { precision, recall, f1 } = compareSpans(golden.target, golden.predicted)
    expect(precision).toBeCloseTo(golden.precision, 12)
    expect(recall).toBeCloseTo(golden.recall, 12)
    expect(f1).toBeCloseTo(golden.f1, 12)
  })

  // by hand: PER 0-2 and LOC 3-4 are wanted; PER 0-1 and 1-2 are found in place of the first, LOC 3-4 as it is
  it('count as right as a whole alone', () => {
    expect(compareSpans([tags('B-PER I-PER O B-LOC')], [tags('B-PER B-PER O B-LOC')])).toMatchObject({
      precision: 1 / 3, recall: 1 / 2, f1: 0.4, count: 2, predicted: 3, right: 1,
      types: { LOC: { f1: 1 }, PER: { f1: 0, count: 1, predicted: 2 } },
    })
    expect(compareSpans([tags('O O')], [tags('O O')])).toMatchObject({ precision: 0, recall: 0, f1: 0, types: {} })
  })

  // the same three spans: PER 0-2, PER 2-3, LOC 4-7
  const spelled: readonly (readonly [Scheme, string])[] = [
    ['IOB1', 'I-PER I-PER B-PER O I-LOC I-LOC I-LOC'],
    ['IOB2', 'B-PER I-PER B-PER O B-LOC I-LOC I-LOC'],
    ['IOBES', 'B-PER E-PER S-PER O B-LOC I-LOC E-LOC'],
    ['BILOU', 'B-PER L-PER U-PER O B-LOC I-LOC L-LOC'],
    ['BMES', 'B-PER E-PER S-PER O B-LOC M-LOC E-LOC'],
  ]
  it.each(spelled)('in %s', (scheme, text) => {
    expect(spansOf(tags(text)).map(({ start, end, type }) => [start, end, type])).toEqual([
      [0, 2, 'PER'],
      [2, 3, 'PER'],
      [4, 7, 'LOC'],
    ])
    expect(schemeOf([tags(text)])).toBe(scheme)
    for (const [other, wanted] of spelled) expect(inScheme(tags(text), other)).toEqual(tags(wanted))
  })

  it('are the same in every scheme', () => {
    const some = fc.array(fc.constantFrom('O', 'B-X', 'I-X', 'B-Y', 'I-Y'), { minLength: 1, maxLength: 12 })
    fc.assert(fc.property(some, fc.constantFrom(...schemes), (each, scheme) => {
      expect(spansOf(inScheme(each, scheme))).toEqual(spansOf(each))
    }), { numRuns: 300, seed: 1 })
  })
})

it.each([
  [['I-PER O', 'I-LOC'], 'IOB1'],
  [['B-PER O', 'O B-LOC I-LOC'], 'IOB2'],
  [['I-PER O', 'O B-LOC I-LOC'], 'mixed IOB'],
  [['B I O', 'O B'], 'IOB2'],
  [['B M E S'], 'BMES'],
  [['NOUN VERB'], undefined],
  [['O O'], undefined],
  [['B-PER NOUN'], undefined],
])('%s is %s', (sentences, scheme) => {
  expect(schemeOf(sentences.map(tags))).toBe(scheme)
})
