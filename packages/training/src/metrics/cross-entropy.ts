import { logSoftmax } from '@recurra/tensor'
import type { Metric } from './metric.ts'
import { rowsOf } from './rows.ts'

/** A metric made of the mean of -log softmax(y)[target] over all rows, in nats; y are logits or log-probabilities. */
export const ofCrossEntropy = (valueOf: (nats: number) => number): Metric<number> => {
  let [sum, rows] = [0, 0]
  return {
    add(outcome) {
      for (const { target, scores } of rowsOf(outcome)) {
        sum -= logSoftmax(scores, 0, scores)[target]!
        rows++
      }
    },
    get value() {
      return valueOf(rows > 0 ? sum / rows : 0)
    },
    reset() {
      sum = rows = 0
    },
  }
}
