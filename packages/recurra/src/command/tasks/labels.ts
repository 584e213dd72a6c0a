import { ValueError } from '@recurra/tensor'
import {
  confusionMatrix, describeConfusion, evaluate, reportsOf, softmaxCrossEntropy, type Confusion,
} from '@recurra/training'
import { table } from '../../terminal/table.ts'
import type { TaskMeasurement, Task } from './task.ts'

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
    where,
    expected: `one of the labels that the model knows: ${labels.slice(0, 12).join(', ')}`,
    got: JSON.stringify(label),
    fix: 'Mend or drop the row.',
  })
}

const share = (value: number): string => `${(100 * value).toFixed(1)} %`
const few = 12 // labels, whose confusion fits a terminal

/** How well labels are known: which are, and which are taken for which. */
export const describeLabels = (loss: number, confusion: Confusion, labels: readonly string[]): TaskMeasurement => {
  const rows = confusion.flat().reduce((a, b) => a + b, 0)
  const accuracy = confusion.reduce((sum, row, i) => sum + row[i]!, 0) / rows
  const most = Math.max(...confusion.map((row) => row.reduce((a, b) => a + b, 0))) / rows
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
      loss: softmaxCrossEntropy(),
      metrics: { confusion: confusionMatrix() },
    })
    return describeLabels(loss, metrics.confusion, labels)
  },
}
