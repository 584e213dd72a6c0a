import type { Metric } from './metric.ts'
import { rowsOf } from './rows.ts'

/** A metric made of the mean of -log softmax(y)[target] over all rows, in nats; y are logits or log-probabilities. */
export const ofCrossEntropy = (valueOf: (nats: number) => number): Metric<number> => {
  let [sum, rows] = [0, 0]
  return {
    add(outcome) {
      for (const { wanted, scores } of rowsOf(outcome)) {
        sum += lackOf(scores, wanted)
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

/** log Σ exp(scores) - scores[wanted], exact for scores of any size. */
const lackOf = (scores: Float64Array, wanted: number): number => {
  let [top, powers] = [-Infinity, 0]
  for (let c = 0; c < scores.length; c++) top = Math.max(top, scores[c]!)
  for (let c = 0; c < scores.length; c++) powers += Math.exp(scores[c]! - top)
  return top - scores[wanted]! + Math.log(powers)
}
