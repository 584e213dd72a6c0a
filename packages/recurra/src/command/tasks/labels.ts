import type { Sequential } from '@recurra/layers'
import { indexOfLargest, logSoftmax, toNested, ValueError } from '@recurra/tensor'
import {
  confusionMatrix, describeConfusion, evaluate, predict, reportsOf, softmaxCrossEntropy, type Confusion,
  type Tokenizer,
} from '@recurra/training'
import { table } from '../../terminal/table.ts'
import { inBuckets, maxStepsFor, piecesOf } from '../data/examples.ts'
import { sumOf } from '../data/numbers.ts'
import type { Sentence } from '../data/sentences.ts'
import { compareSpans, inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { lowerCase, tokensOf, type UnknownSymbols } from '../data/symbols.ts'
import type { Settings } from '../training/settings.ts'
import type { Task, TaskMeasurement } from './task.ts'

/** All labels that there are, in order; a `ValueError` where there is nothing to tell apart. */
export const labelsOf = (all: readonly string[], where: string): string[] => {
  const labels = [...new Set(all)].sort()
  if (labels.length >= 2 && (labels.length < all.length || all.length <= 2)) return labels
  throw new ValueError({
    where,
    expected: 'at least two labels, which come again and again',
    got:
      labels.length < 2
        ? `${JSON.stringify(labels[0])} alone`
        : `${labels.length} different ones in ${all.length} rows`,
    fix: 'Choose another column with --label.',
  })
}

/** The number of a label; a `ValueError` for one that the model has not learned. */
export const numberOf = (label: string, labels: readonly string[], where: string): number => {
  const number = labels.indexOf(label)
  if (number >= 0) return number
  throw new ValueError({
    where, expected: `one of the labels that the model knows: ${labels.slice(0, 12).join(', ')}`,
    got: JSON.stringify(label), fix: 'Mend or drop the row.',
  })
}

const share = (value: number): string => `${(100 * value).toFixed(1)} %`
const few = 12 // labels, whose confusion fits a terminal

/** How well labels are known: which are, and which are taken for which. */
const describeLabels = (loss: number, confusion: Confusion, labels: readonly string[]): TaskMeasurement => {
  const rows = sumOf(confusion.flat())
  const accuracy = sumOf(confusion.map((row, i) => row[i]!)) / rows
  const most = Math.max(...confusion.map((row) => sumOf(row))) / rows
  const reports = reportsOf(confusion)
  return {
    figures: {
      loss,
      accuracy,
      mostFrequent: most,
      labels: Object.fromEntries(labels.map((label, i) => [label, reports[i]])),
      confusion,
    },
    text: [
      `accuracy ${share(accuracy)} (always the most frequent label: ${share(most)}); loss ${loss.toFixed(3)}`,
      '',
      table(
        ['label', 'precision', 'recall', 'F1', 'count'],
        labels.map((label, i) => {
          const { precision, recall, f1, count } = reports[i]!
          return [label, share(precision), share(recall), share(f1), count]
        }),
      ),
      ...(labels.length <= few
        ? ['', 'which (lines) was taken for which (columns):', describeConfusion(confusion, labels)]
        : []),
    ].join('\n'),
  }
}

/** What all tasks have in common that choose between labels. */
export const choosing: Pick<Task<{ readonly labels: readonly string[] }>, 'loss' | 'lossInWords' | 'measure'> = {
  loss: () => softmaxCrossEntropy(),
  lossInWords: (loss) => `loss ${loss.toFixed(3)}`,

  async measure(model, data, { labels }) {
    const { loss, metrics } = await evaluate(model, data, {
      loss: softmaxCrossEntropy(), metrics: { confusion: confusionMatrix() },
    })
    return describeLabels(loss, metrics.confusion, labels)
  },
}

/** The words of a sentence as the model reads them. */
export const wordsFor = ({ normalize }: Tokenizer, words: readonly string[]): string[] =>
  words.map((word) => lowerCase(word, normalize))

/**
 * What a model says to the words of one sentence: for each the number of its tag, and the log-probabilities of all
 * tags.
 */
interface Scored {
  readonly tags: readonly number[]
  readonly logs: readonly Float64Array[]
}

/** What a model says to every word; sentences that are longer than a window are read in pieces that overlap by half. */
export const scoresOf = async (
  model: Sequential, sentences: readonly Sentence[], tokenizer: Tokenizer,
  { batch, window = maxStepsFor({ batch }) }: Pick<Settings, 'batch' | 'window'>, unknown?: UnknownSymbols,
): Promise<Scored[]> => {
  const words = sentences.map((sentence) => wordsFor(tokenizer, sentence.words))
  for (const each of words) unknown?.add(each)
  const pieces = piecesOf(words.map(({ length }) => length), window, Math.floor(window / 4))
  const x = pieces.map(({ of, start, end }) => tokensOf(tokenizer, words[of]!.slice(start, end)))
  const data = inBuckets(x, x, { batch })
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
      type || 'any', share(precision), share(recall), share(f1), count, predicted,
    ],
  )
  return {
    figures: { ...measured.figures, scheme, spans, ...(converted && { convertedFrom: given }) },
    text: [
      `whole spans (${scheme}${converted ? `; the file has ${given}` : ''}): ${inWords}`, '',
      table(['span', 'precision', 'recall', 'F1', 'count', 'predicted'], rows), '', `single tags: ${measured.text}`,
    ].join('\n'),
  }
}
