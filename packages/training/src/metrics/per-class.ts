import { expectNoMore } from '@recurra/tensor'
import { confusionMatrix, type Confusion } from './confusion-matrix.ts'
import type { Metric } from './metric.ts'

/** Precision, recall and F1 of one class; 0 / 0 counts as 0. */
export interface ClassReport {
  /** The fraction of rows predicted as this class that are of this class. */
  readonly precision: number
  /** The fraction of rows of this class that are predicted as this class. */
  readonly recall: number
  /** The harmonic mean of the two (van Rijsbergen 1979). */
  readonly f1: number
  /** The number of rows of this class. */
  readonly count: number
}

/**
 * Precision, recall and F1 of each class, by class number (scikit-learn's classification_report). Scores
 * [batch, time, classes] with targets [batch, time], or both without time.
 *
 * ```ts
 * import { perClass, tensor } from 'recurra'
 *
 * const metric = perClass()
 * metric.add({ y: tensor([[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]]), target: tensor([1, 0, 1]) })
 * console.log(metric.value[0]) // { precision: 0.5, recall: 1, f1: 0.6666666666666666, count: 1 }
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const perClass = (...others: readonly never[]): Metric<readonly ClassReport[]> => {
  expectNoMore(others, 'perClass')
  const confusion = confusionMatrix()
  return {
    add: (outcome) => confusion.add(outcome),
    get value() {
      return reportsOf(confusion.value)
    },
    reset: () => confusion.reset(),
    get totals() {
      return confusion.totals!
    },
    set totals(totals) {
      confusion.totals = totals
    },
  }
}

/**
 * The same from a confusion matrix.
 *
 * ```ts
 * import { confusionMatrix, reportsOf, tensor } from 'recurra'
 *
 * const confusion = confusionMatrix()
 * confusion.add({ y: tensor([[0.1, 0.9], [0.8, 0.2]]), target: tensor([1, 0]) })
 * console.log(reportsOf(confusion.value)[1]) // { precision: 1, recall: 1, f1: 1, count: 1 }
 * ```
 */
export const reportsOf = (matrix: Confusion): ClassReport[] =>
  matrix.map((row, one) => {
    const right = row[one]!
    const count = sum(row)
    const predicted = sum(matrix.map((other) => other[one]!))
    const f1 = share(2 * right, predicted + count)
    return { precision: share(right, predicted), recall: share(right, count), f1, count }
  })

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
