import { relu } from '@recurra/formula'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { elementWise, type ElementWiseOptions } from './element-wise.ts'
import { reductionOption, type Loss } from './loss.ts'

/** Options of `quantileLoss`. */
export interface QuantileLossOptions extends ElementWiseOptions {
  /** The quantiles to learn, each above 0 and below 1, in ascending order. Default: [0.5], the median. */
  readonly quantiles?: readonly number[]
}

/**
 * The quantile (pinball) loss: q · max(target - y, 0) + (1 - q) · max(y - target, 0), which is minimal if y is the
 * q-quantile of the target (Koenker & Bassett 1978). y and target are both [batch, time, features] or both [batch,
 * features]; features form groups of one column per quantile, so a target with three quantiles is repeated in three
 * columns. The gradient where y equals the target is 0.
 *
 * ```ts
 * import { dense, evaluate, quantileLoss, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1, 1], [3, 3]] }) // 1 and 3, each for two quantiles
 * const model = sequential(vector(2), [dense(2, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: quantileLoss({ quantiles: [0.1, 0.9] }) })
 * console.log(loss.toFixed(4)) // 1.0000
 * ```
 * @throws `ConfigurationError` if a quantile is not above 0 and below 1, or they do not ascend. Planning it throws one
 * if the columns of y are not groups of as many quantiles.
 */
export const quantileLoss = (given: QuantileLossOptions = {}): Loss => {
  const { quantiles, reduction } = options('quantileLoss', given, {
    quantiles: option.checked<readonly number[]>('numbers above 0 and below 1, in ascending order', ascending)([0.5]),
    reduction: reductionOption,
  })
  const levels = (columns: number): number[] => {
    if (columns % quantiles.length === 0)
      return Array.from({ length: columns }, (_, i) => quantiles[i % quantiles.length]!)
    throw new ConfigurationError({
      where: 'quantileLoss',
      expected: `groups of ${quantiles.length} columns, one for each quantile`,
      got: `${columns} columns`,
      fix: 'Let the model give a column for each quantile of each value.',
    })
  }
  const body: Parameters<typeof elementWise>[1] = (y, target, { level }) =>
    relu(target.sub(y)).mul(level!).add(relu(y.sub(target)).mul(level!.neg().add(1)))
  return elementWise('quantileLoss', body, { reduction }, { level: levels })
}

const ascending = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 &&
  value.every((q: unknown, i) => typeof q === 'number' && q > 0 && q < 1 && (i === 0 || q > (value[i - 1] as number)))
