import { option, options } from '@recurra/tensor'
import { meanOverRows } from './mean-over-rows.ts'
import type { Metric } from './metric.ts'

/** Options of `accuracy`. */
export interface AccuracyOptions {
  /** A row is correct if its class is among the `top` highest scores. Default: 1. */
  readonly top?: number
}

/**
 * The fraction of rows, from 0 to 1, whose class has the highest score, or one of the `top` highest (Keras'
 * SparseTopKCategoricalAccuracy, except that ties rank lower class indices first). 0 without any rows. Scores [batch,
 * time, classes] with targets [batch, time], or both without time.
 *
 * ```ts
 * import { accuracy, tensor } from 'recurra'
 *
 * const metric = accuracy()
 * metric.add({ y: tensor([[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]]), target: tensor([1, 0, 1]) })
 * console.log(metric.value.toFixed(3)) // 0.667
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const accuracy = (given?: AccuracyOptions): Metric<number> => {
  const { top } = options('accuracy', given, { top: option.count(1) })
  return meanOverRows(({ target, scores }) => (rankOf(target, scores) < top ? 1 : 0))
}

/** How many classes come before one; a score that is not a number comes last. */
const rankOf = (target: number, scores: ArrayLike<number>): number => {
  const own = scores[target]!
  let rank = Number.isNaN(own) ? scores.length : 0
  for (let c = 0; c < scores.length; c++) if (scores[c]! > own || (scores[c] === own && c < target)) rank++
  return rank
}
