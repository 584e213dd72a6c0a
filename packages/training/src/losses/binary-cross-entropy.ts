import { softplus, type Expression } from '@recurra/formula'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { elementWise, type ElementWiseOptions, type PerColumn } from './element-wise.ts'
import { probabilities, reductionOption, type Loss } from './loss.ts'

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends ElementWiseOptions {
  /**
   * A weight for the loss of each feature: one number for all, or one per feature. A mean still divides by the number
   * of elements. Default: 1.
   */
  readonly weight?: number | readonly number[]
  /** The weight of positive targets relative to negative ones: one number for all, or one per feature. Default: 1. */
  readonly posWeight?: number | readonly number[]
}

const { fits } = option.nonNegative(1)
const perFeature = option.checked<number | readonly number[]>(
  'a finite number of at least 0, or a list of one for each feature',
  (value) => fits(value) || (Array.isArray(value) && value.length > 0 && value.every(fits)),
)

/**
 * -log of the probability of the target under sigmoid(y), in nats, from logits of any size without overflow: targets
 * from 0 to 1, both [batch, time, features] or both [batch, features] (PyTorch's BCEWithLogitsLoss):
 * weight · (posWeight · target · softplus(-y) + (1 - target) · softplus(y)).
 *
 * ```ts
 * import { binaryCrossEntropy, dense, evaluate, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [0]] })
 * const model = sequential(vector(2), [dense(1, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: binaryCrossEntropy() })
 * console.log(loss.toFixed(4)) // 0.6931
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid. Planning it throws one if there are weights
 * for another number of features.
 */
export const binaryCrossEntropy = (given?: BinaryCrossEntropyOptions): Loss => {
  const { reduction, weight, posWeight } = options('binaryCrossEntropy', given, {
    reduction: reductionOption,
    weight: perFeature(),
    posWeight: perFeature(),
  })
  const perColumn: PerColumn = {
    ...(weight !== undefined && { weight: spread('weight', weight) }),
    ...(posWeight !== undefined && { posWeight: spread('posWeight', posWeight) }),
  }
  type Body = Parameters<typeof elementWise>[1]
  const body: Body = (y, target, { weight: scale, posWeight: positive }) => {
    const each: Expression = positive
      ? positive.mul(target).mul(softplus(y.neg())).add(target.neg().add(1).mul(softplus(y)))
      : softplus(y).sub(y.mul(target))
    return scale ? scale.mul(each) : each
  }
  return elementWise('binaryCrossEntropy', body, { reduction }, perColumn, { range: probabilities })
}

/** One number for each column. */
const spread = (name: string, weight: number | readonly number[]) => (columns: number): readonly number[] => {
  const all = typeof weight === 'number' ? Array.from({ length: columns }, () => weight) : weight
  if (all.length === columns) return all
  throw new ConfigurationError({
    where: `binaryCrossEntropy, ${name}`,
    expected: `one for each of ${columns} features`,
    got: String(all.length),
    fix: 'Give every feature one, or pass one number for all.',
  })
}
