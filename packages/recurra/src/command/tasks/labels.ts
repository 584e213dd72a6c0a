import type { Sequential } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import {
  confusionMatrix, describeConfusion, evaluate, reportsOf, softmaxCrossEntropy, type Confusion, type Data,
} from '@recurra/training'
import { table } from '../../terminal/table.ts'
import { sumOf } from '../data/numbers.ts'
import type { Column } from '../data/table.ts'
import { confusionPictures } from '../report/html.ts'
import { verdictOn, type Baseline, type Verdict } from './baselines/baseline.ts'
import type { TaskMeasurement } from './task.ts'

/** What columns of labels are usually called. */
export const usualLabels: readonly string[] = ['label', 'class', 'category', 'target', 'y']

const many = 20 // classes that are numbers

/** Whether the values of a column are quantities rather than classes. */
export const areQuantities = ({ kind, decimals, values }: Column): boolean =>
  kind === 'number' && (decimals > 0 || new Set(values).size > many)

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

/** A share in percent. */
export const share = (value: number): string => `${(100 * value).toFixed(1)} %`
const few = 12 // labels, whose confusion fits a terminal

/** The fraction of what is on the diagonal. */
export const accuracyIn = (confusion: Confusion): number =>
  sumOf(confusion.map((row, i) => row[i]!)) / sumOf(confusion.flat())

/** How well labels are known: which are, and which are taken for which. */
export const describeLabels = (
  loss: number, confusion: Confusion, labels: readonly string[], verdict: Verdict | undefined,
): TaskMeasurement => {
  const accuracy = accuracyIn(confusion)
  const most = Math.max(...confusion.map((row) => sumOf(row))) / sumOf(confusion.flat())
  const reports = reportsOf(confusion)
  const baselines = verdict?.figures.baselines ?? { 'always the most frequent label': most }
  const others = Object.entries(baselines).map(([name, value]) => `${name} ${share(value)}`)
  return {
    figures: {
      loss,
      accuracy,
      mostFrequent: most,
      labels: Object.fromEntries(labels.map((label, i) => [label, reports[i]])),
      confusion,
      ...verdict?.figures,
    },
    ...(verdict && { verdict: verdict.text }),
    pictures: () => [verdict?.picture ?? '', ...confusionPictures(confusion, labels)],
    text: [
      `accuracy ${share(accuracy)} (${others.join(', ')}); loss ${loss.toFixed(3)}`,
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

/** How well a model knows the classes of rows, beside its baselines. */
export const measureClasses = async <Rows extends Data>(
  model: Sequential, data: Rows, labels: readonly string[], baselines: readonly Baseline<Rows>[] = [],
): Promise<TaskMeasurement> => {
  const { loss, metrics: { confusion } } = await evaluate(model, data, {
    loss: softmaxCrossEntropy(), metrics: { confusion: confusionMatrix() },
  })
  const comparison = { measure: 'accuracy', inWords: share }
  return describeLabels(loss, confusion, labels, verdictOn(accuracyIn(confusion), baselines, data, comparison))
}
