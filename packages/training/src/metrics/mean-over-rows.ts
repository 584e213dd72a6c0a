import { logSoftmaxOf } from '@recurra/tensor'
import type { Metric } from './metric.ts'
import { rowsOf, type ScoredRow } from './rows.ts'

/** A metric that is made of the mean of something over all rows, 0 where nothing was measured. */
export const meanOverRows = (
  of: (row: ScoredRow) => number,
  valueOf: (mean: number) => number = (mean) => mean,
): Metric<number> => {
  let [sum, rows] = [0, 0]
  return {
    add(outcome) {
      for (const row of rowsOf(outcome)) {
        sum += of(row)
        rows++
      }
    },
    get value() {
      return valueOf(rows > 0 ? sum / rows : 0)
    },
    reset() {
      sum = rows = 0
    },
    get totals() {
      return [sum, rows]
    },
    set totals(totals) {
      [sum, rows] = totals as [number, number]
    },
  }
}

/** -log softmax(y)[target] of a row, in nats; y are logits or log-probabilities. */
export const crossEntropyOf = ({ target, scores }: ScoredRow): number => -logSoftmaxOf(scores, 0, scores)[target]!
