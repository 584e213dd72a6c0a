import { softplus } from '@recurra/formula'
import { elementWise, type ElementWiseOptions } from './element-wise.ts'
import type { Loss } from './loss.ts'

/**
 * -log of the probability of the target under sigmoid(y), in nats, from logits of any size without overflow: targets from
 * 0 to 1, both [batch, time, features] or both [batch, features] (PyTorch's BCEWithLogitsLoss).
 *
 * ```ts
 * import { binaryCrossEntropy, dense, evaluate, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [0]] })
 * const model = sequential(vector(2), [dense(1, { initialise: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: binaryCrossEntropy() })
 * console.log(loss.toFixed(4)) // 0.6931
 * ```
 * @throws `ConfigurationError` if an option is not known, or does not fit.
 */
export const binaryCrossEntropy = (options?: ElementWiseOptions): Loss =>
  elementWise('binaryCrossEntropy', (y, target) => softplus(y).sub(y.mul(target)), options)
