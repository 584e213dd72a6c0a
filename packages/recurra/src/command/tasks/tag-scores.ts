import { indexOfLargest, logSoftmax, toNested } from '@recurra/tensor'
import type { Sequential } from '@recurra/layers'
import { predict, sequences, type Tokenizer } from '@recurra/training'
import { maxStepsFor, overlappingPieces } from '../data/long-sequences.ts'
import type { Sentence } from '../data/sentences.ts'
import type { UnknownSymbols } from '../data/unknown-symbols.ts'
import { lowerCase, tokensOf } from '../data/understood-text.ts'
import type { Settings } from '../training/settings.ts'

/** The words of a sentence as the model reads them. */
export const wordsFor = ({ normalize }: Tokenizer, words: readonly string[]): string[] =>
  words.map((word) => lowerCase(word, normalize))

/**
 * What a model says to the words of one sentence: for each the number of its tag, and the log-probabilities of all
 * tags.
 */
export interface Scored {
  readonly tags: readonly number[]
  readonly logs: readonly Float64Array[]
}

/** What a model says to every word; sentences that are longer than a window are read in pieces that overlap. */
export const scoresOf = async (
  model: Sequential, sentences: readonly Sentence[], tokenizer: Tokenizer,
  { batch, window = maxStepsFor({ batch }) }: Pick<Settings, 'batch' | 'window'>, unknown?: UnknownSymbols,
): Promise<Scored[]> => {
  const words = sentences.map((sentence) => wordsFor(tokenizer, sentence.words))
  for (const each of words) unknown?.add(each)
  const pieces = overlappingPieces(words.map(({ length }) => length), window)
  const x = pieces.map(({ of, start, end }) => tokensOf(tokenizer, words[of]!.slice(start, end)))
  const data = sequences({ x, target: x, batch, buckets: 6, maxSteps: maxStepsFor({ batch }) })
  const scored = words.map(({ length }) => ({
    tags: Array.from({ length }, () => 0),
    logs: Array.from({ length }, () => new Float64Array(model.out.size)),
  }))
  for await (const { y, batch: { members = [] } } of predict(model, data)) {
    const rows = toNested(y) as number[][][]
    members.forEach((member, b) => {
      const { of, start, from, to } = pieces[member]!
      for (let word = from; word < to; word++) {
        const logs = logSoftmax(rows[b]![word - start]!, 0, scored[of]!.logs[word]!)
        scored[of]!.tags[word] = indexOfLargest(logs)
      }
    })
  }
  return scored
}
