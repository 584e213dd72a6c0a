import type { Metrics } from '../../metrics/metric.ts'
import type { Progress } from '../progress.ts'

/**
 * The numbers of a step by name, for logs: `loss`, `stepLoss`, `gradientNorm`, `rate`, `itemsPerSecond`, and after a
 * validation `validation/loss` and those metrics that are one number, `validation/accuracy` say.
 */
export const scalarsOf = <M extends Metrics>(progress: Progress<M>): { readonly [name: string]: number } => {
  const { loss, stepLoss, gradientNorm, rate, itemsPerSecond, validationLoss, validationMetrics = {} } = progress
  const metrics = Object.entries(validationMetrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return {
    loss, stepLoss, gradientNorm, rate, itemsPerSecond,
    ...(validationLoss !== undefined && { 'validation/loss': validationLoss }),
    ...Object.fromEntries(metrics.map(([name, value]) => [`validation/${name}`, value])),
  }
}
