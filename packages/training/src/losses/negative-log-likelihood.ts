import { select, sumOverColumns } from '@recurra/formula'
import { overClasses, type ClassOptions } from './classes.ts'
import type { Loss } from './loss.ts'

/**
 * -y[target] for class numbers, where y holds log-probabilities in nats: y [batch, time, classes] with target [batch,
 * time], or y [batch, classes] with target [batch] (PyTorch's NLLLoss). For logits use `softmaxCrossEntropy`.
 *
 * ```ts
 * import { dense, evaluate, negativeLogLikelihood, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [2, 0] })
 * const model = sequential(vector(2), [dense(3, { initializers: { weight: -1, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: negativeLogLikelihood() })
 * console.log(loss.toFixed(4)) // 1.0000
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const negativeLogLikelihood = (options: ClassOptions = {}): Loss =>
  overClasses('negativeLogLikelihood', options, ({ y, oneHot, weight, row }) => {
    const target = oneHot.mul(weight)
    const nll = select(target, target.mul(y).neg(), 0) // the log-probability of the others may be -infinity
    return { passes: [{ nll: sumOverColumns(nll) }], each: row('nll'), gradient: target.neg() }
  })
