import type { Sequential } from '@recurra/layers'
import { indexOfLargest, logSoftmax, toNested } from '@recurra/tensor'
import { predict, sequences, type Tokenizer } from '@recurra/training'
import { table } from '../../terminal/table.ts'
import { maxStepsFor, overlappingPieces } from '../data/long-sequences.ts'
import type { Sentence } from '../data/sentences.ts'
import { compareSpans, inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { lowerCase, tokensOf, type UnknownSymbols } from '../data/symbols.ts'
import type { Settings } from '../training/settings.ts'
import { describeLabels } from './labels.ts'
import type { TaskMeasurement } from './task.ts'

const share = (value: number): string => `${(100 * value).toFixed(1)} %`

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

/**
 * How well words are tagged, each counted once, and whole spans where tags spell some. The tags of the file are brought
 * to the scheme of the model first; one that the model has not learned counts as wrong.
 */
export const measureTags = (
  sentences: readonly Sentence[], scored: readonly Scored[], known: readonly string[], scheme: Scheme | undefined,
): TaskMeasurement => {
  const given = schemeOf(sentences.map(({ tags }) => tags!))
  const converted = scheme !== undefined && given !== undefined && given !== scheme
  const target = sentences.map(({ tags }) => (converted ? inScheme(tags!, scheme) : tags!))
  const labels = [...known, ...[...new Set(target.flat())].filter((tag) => !known.includes(tag)).sort()]
  const numbers = new Map(labels.map((label, i) => [label, i]))
  const confusion = labels.map(() => labels.map(() => 0))
  let [loss, words] = [0, 0]
  target.forEach((tags, i) => tags.forEach((tag, t) => {
    const number = numbers.get(tag)!
    confusion[number]![scored[i]!.tags[t]!]!++
    if (number >= known.length) return
    loss -= scored[i]!.logs[t]![number]!
    words++
  }))
  const measured = describeLabels(loss / words, confusion, labels)
  if (scheme === undefined) return measured
  const spans = compareSpans(target, scored.map(({ tags }) => tags.map((tag) => known[tag]!)))
  const inWords = `F1 ${share(spans.f1)}, precision ${share(spans.precision)}, recall ${share(spans.recall)}`
  const rows = [...Object.entries(spans.types), ['all', spans] as const].map(
    ([type, { precision, recall, f1, count, predicted }]) => [
      type || 'any',
      share(precision),
      share(recall),
      share(f1),
      count,
      predicted,
    ],
  )
  return {
    figures: { ...measured.figures, scheme, spans, ...(converted && { convertedFrom: given }) },
    text: [
      `whole spans (${scheme}${converted ? `; the file has ${given}` : ''}): ${inWords}`,
      '',
      table(['span', 'precision', 'recall', 'F1', 'count', 'predicted'], rows),
      '',
      `single tags: ${measured.text}`,
    ].join('\n'),
  }
}
