import { table } from '../../terminal/table.ts'
import type { Sentence } from '../data/sentences.ts'
import { compareSpans, inScheme, schemeOf, type Scheme } from '../data/spans.ts'
import { describeLabels } from './labels.ts'
import type { Scored } from './tag-scores.ts'
import type { TaskMeasurement } from './task.ts'

const share = (value: number): string => `${(100 * value).toFixed(1)} %`

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
