import type { Metrics } from '../../metrics/metric.ts'
import type { Progress } from '../progress.ts'

/**
 * The numbers of a step by name, for logs: `loss`, `stepLoss`, `gradientNorm`, `learningRate`, `itemsPerSecond`, and
 * after a validation `validation/loss` and those metrics that are one number, such as `validation/accuracy`.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 * import { scalarsOf } from 'recurra/authoring'
 *
 * const data = sequences({ x: [[0], [1]], target: [[1], [3]] })
 * await fit(sequential(vector(1), [dense(1)]), data, {
 *   loss: meanSquaredError(),
 * // ['loss', 'stepLoss', 'gradientNorm', 'learningRate', 'itemsPerSecond']
 *   onProgress: (progress) => console.log(Object.keys(scalarsOf(progress))),
 * })
 * ```
 */
export const scalarsOf = <M extends Metrics>(progress: Progress<M>): { readonly [name: string]: number } => {
  const { loss, stepLoss, gradientNorm, learningRate, itemsPerSecond, validationLoss } = progress
  const { validationMetrics = {} } = progress
  const metrics = Object.entries(validationMetrics).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  return {
    loss, stepLoss, gradientNorm, learningRate, itemsPerSecond,
    ...(validationLoss !== undefined && { 'validation/loss': validationLoss }),
    ...Object.fromEntries(metrics.map(([name, value]) => [`validation/${name}`, value])),
  }
}
