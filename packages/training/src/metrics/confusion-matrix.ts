import { ConfigurationError, expectNoMore, indexOfLargest } from '@recurra/tensor'
import type { Metric } from './metric.ts'
import { rowsOf } from './rows.ts'

/** The number of rows by target class and predicted class: `[target][predicted]`. */
export type Confusion = readonly (readonly number[])[]

/**
 * The confusion matrix, [classes, classes]: row target, column prediction (scikit-learn's confusion_matrix). The
 * prediction is the class with the highest score. Scores [batch, time, classes] with targets [batch, time], or both
 * without time.
 *
 * ```ts
 * import { confusionMatrix, tensor } from 'recurra'
 *
 * const metric = confusionMatrix()
 * metric.add({ y: tensor([[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]]), target: tensor([1, 0, 1]) })
 * console.log(metric.value) // [[1, 0], [1, 1]]
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const confusionMatrix = (...others: readonly never[]): Metric<Confusion> => {
  expectNoMore(others, 'confusionMatrix')
  let matrix: number[][] = []
  return {
    add(outcome) {
      const classes = outcome.y.shape.at(-1)!
      if (matrix.length === 0) matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
      if (matrix.length !== classes)
        throw new ConfigurationError({
          where: 'confusionMatrix',
          expected: `scores of ${matrix.length} classes, as before`,
          got: String(classes),
          fix: 'Reset the metric before another model.',
        })
      for (const { target, scores } of rowsOf(outcome)) matrix[target]![indexOfLargest(scores)]!++
    },
    get value() {
      return matrix.map((row) => [...row])
    },
    reset() {
      matrix = []
    },
    get totals() {
      return matrix.flat()
    },
    set totals(totals) {
      const classes = Math.sqrt(totals.length)
      matrix = Array.from({ length: classes }, (_, i) => totals.slice(i * classes, (i + 1) * classes))
    },
  }
}

/**
 * A confusion matrix as a table: a row for each target class, a column for each predicted class.
 *
 * ```ts
 * import { describeConfusion } from 'recurra'
 *
 * console.log(describeConfusion([[8, 0], [1, 11]], ['ham', 'spam']))
 * //       ham  spam
 * // ham     8     .
 * // spam    1    11
 * ```
 */
export const describeConfusion = (
  matrix: Confusion,
  names: readonly string[] = matrix.map((_, i) => String(i)),
): string => {
  const lines = [
    ['', ...names],
    ...matrix.map((row, i) => [names[i] ?? String(i), ...row.map((count) => String(count || '.'))]),
  ]
  const [first, ...others] = Array.from({ length: matrix.length + 1 }, (_, c) =>
    Math.max(...lines.map((line) => (line[c] ?? '').length)),
  )
  return lines
    .map(([name, ...cells]) =>
      [name!.padEnd(first!), ...cells.map((cell, c) => cell.padStart(others[c]!))].join('  ').trimEnd(),
    )
    .join('\n')
}
