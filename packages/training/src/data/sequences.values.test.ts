import { Random, tensor, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { characters, sequences, type Batch, type SequencesOptions } from '../index.ts'

/** All batches, copied, since their memory is used again. */
const all = (options: SequencesOptions, random?: Random): Batch[] => {
  const batches: Batch[] = []
  for (const { x, target, lengths, members: _, ...rest } of sequences(options).epoch(random))
    batches.push({
      x: Array.from(x),
      target: Array.from(target),
      ...(lengths && { lengths: Array.from(lengths) }),
      ...rest,
    })
  return batches
}

const sparse: number[] = []
sparse[1] = 2

describe('values of sequences', () => {
  it('may be typed arrays of different lengths, as a vocabulary encodes texts', () => {
    const { vocabulary } = characters('hello')
    const texts = ['hell', 'o', 'hello'].map((text) => vocabulary.encode(text))
    const lists = texts.map((text) => Array.from(text))
    expect(all({ x: texts, target: [0, 1, 0] })).toEqual(all({ x: lists, target: [0, 1, 0] }))
    expect(all({ x: texts, target: texts, source: texts })).toEqual(all({ x: lists, target: lists, source: lists }))
    expect(all({ x: [tensor([[1], [2]]), tensor([[3]])], target: Uint8Array.of(0, 1) })).toEqual(
      all({ x: [[[1], [2]], [[3]]], target: [0, 1] }),
    )
  })

  it.each<readonly [what: string, options: object, why: string]>([
    [
      'null',
      { x: [[[1, 2], [3, null]]] },
      'x[0][1][1]: expected a finite number, got null. Fill the gap with a number, or leave the row out.',
    ],
    ['a text', { x: [[['1', '2']]] }, "x[0][0][0]: expected a finite number, got '1'. Convert it: Number('1')."],
    [
      'a Date',
      { x: [[[new Date(0), 1]]] },
      'x[0][0][0]: expected a finite number, got a Date. Pass numbers: value.getTime()',
    ],
    ['a boolean', { target: [true] }, 'target[0]: expected a finite number, got true. Pass 1: Number(value).'],
    ['undefined', { target: [undefined] }, 'target[0]: expected a finite number, got undefined. Fill the gap'],
    ['a BigInt', { target: [[1n]] }, 'target[0][0]: expected a finite number, got 1n. Convert it: Number(1n).'],
    [
      'a typed array of BigInt',
      { target: BigInt64Array.of(1n) },
      'target: expected a finite number, got a BigInt64Array. Convert it: Float64Array.from(values, Number).',
    ],
    ['a hole', { source: [[sparse]] }, 'source[0][0][0]: expected a finite number, got undefined.'],
    ['a missing sequence', { x: sparse }, 'x[0]: expected a finite number, got undefined.'],
    [
      'a word as a label',
      { target: ['spam'] },
      "target[0]: expected a finite number, got 'spam'. Give each word a number: labels.indexOf(word)",
    ],
    ['words instead of a list', { target: 'spam' }, "target: expected a finite number, got 'spam'."],
  ])('%s is refused with its place', (_, options, why) => {
    const make = (): unknown => sequences({ x: [[[1, 2], [3, 4]]], target: [0], ...options })
    expect(make).toThrow(ValueError)
    expect(make).toThrow(why)
  })

  it('options are known, and of their kind', () => {
    const make = (options: object) => () => sequences({ x: [[1]], target: [0], ...options })
    expect(make({ batchSize: 3 })).toThrow('sequences: expected a known option, got batchSize. Did you mean batch?')
    expect(make({ targets: [1] })).toThrow('got targets. Did you mean target?')
    expect(make({ balanced: 'yes' })).toThrow("expected balanced to be true or false, got 'yes'")
    expect(() => sequences({ x: [[1]] } as never)).toThrow(
      'sequences: expected target to be a value, got nothing. Pass { target: … }.',
    )
    expect(() => sequences([[1]] as never)).toThrow('sequences: expected options as an object, { x: … }, got an array')
  })
})
