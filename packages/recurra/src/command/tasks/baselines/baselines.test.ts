import { expect, test } from 'vitest'
import { verdictOn } from './baseline.ts'
import { mostFrequentTags } from './most-frequent.ts'
import { naiveBayes } from './naive-bayes.ts'
import { NGram } from './n-gram.ts'

// The example of Manning, Raghavan and Schütze, Introduction to Information Retrieval, table 13.1:
// P(Chinese | yes) = (5 + 1) / (8 + 6), P(Tokyo | no) = (1 + 1) / (3 + 6) and so on; the document is `yes`.
const documents = [
  { symbols: ['Chinese', 'Beijing', 'Chinese'], label: 0 },
  { symbols: ['Chinese', 'Chinese', 'Shanghai'], label: 0 },
  { symbols: ['Chinese', 'Macao'], label: 0 },
  { symbols: ['Tokyo', 'Japan', 'Chinese'], label: 1 },
]

test('naive Bayes: the textbook example, an unknown word, and no word at all', () => {
  const classOf = naiveBayes(documents, 2)
  expect(classOf(['Chinese', 'Chinese', 'Chinese', 'Tokyo', 'Japan'])).toBe(0) // 0.0003 to 0.0001
  expect(classOf(['Chinese', 'Tokyo', 'Japan'])).toBe(1) // 3/4·3/7·1/14² = 0.0016 to 1/4·2/9³ = 0.0027
  expect(classOf(['Osaka', 'Japan', 'Tokyo'])).toBe(1) // Osaka counts for nothing
  expect(classOf([])).toBe(0) // the share of the classes alone
})

test('the most frequent tag of each word, in any case, and of all words', () => {
  const sentence = (words: string, tags: string) => ({ line: 1, words: words.split(' '), tags: tags.split(' ') })
  const tagsOf = mostFrequentTags([
    sentence('The run was a run', 'D N V D N'), sentence('they run', 'P V'), sentence('We run the shop', 'P V D N'),
    sentence('run it', 'V P'),
  ])
  expect(tagsOf(['the', 'RUN', 'was', 'odd'])).toEqual(['D', 'V', 'V', 'V']) // V is the most frequent of all
})

test('an n-gram: Witten and Bell by hand', () => {
  // abab: a twice, b twice; after a comes b twice, after b comes a once.
  const model = new NGram([0, 1, 0, 1], 3)
  const [p0, d] = [1 / 3, 2]
  const b = (2 + d * p0) / (4 + d) // no history
  const afterA = (2 + 1 * b) / (2 + 1)
  expect(model.loss([0, 1])).toBeCloseTo(-Math.log(afterA), 12)
  const c = (0 + d * p0) / (4 + d)
  expect(model.loss([0, 2])).toBeCloseTo(-Math.log((0 + 1 * c) / 3), 12)
  const sum = [0, 1, 2].reduce((all, token) => all + Math.exp(-model.loss([1, token])), 0)
  expect(sum).toBeCloseTo(1, 12)
})

test('a model is better than its baselines only if it is better than each', () => {
  const baselines = [{ name: 'one', measure: () => 0.5 }, { name: 'other', measure: () => 0.7 }]
  const inWords = (value: number): string => value.toFixed(1)
  expect(verdictOn(0.8, baselines, undefined, { measure: 'accuracy', inWords })).toEqual({
    text: 'better than its baselines: accuracy 0.8, the best of them (other) 0.7',
    picture: expect.stringContaining('<td>other</td><td class="number">0.7</td>') as string,
    figures: { beatsBaselines: true, baselines: { one: 0.5, other: 0.7 } },
  })
  expect(verdictOn(0.7, baselines, undefined, { measure: 'accuracy', inWords })?.text).toMatch(/^NOT better/)
  expect(verdictOn(0.4, baselines.slice(0, 1), undefined, { measure: 'loss', falling: true, inWords })?.text).toBe(
    'better than its baseline: loss 0.4, one 0.5')
  expect(verdictOn(0.7, [], undefined, { measure: 'accuracy', inWords })).toBeUndefined()
})
