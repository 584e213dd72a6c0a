import { constant, exp, log, maxOverColumns, select, sumOverColumns } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { classOptions, overClasses, type ClassOptions } from './classes.ts'
import type { Loss } from './loss.ts'

/** Options of `softmaxCrossEntropy`. */
export interface SoftmaxCrossEntropyOptions extends ClassOptions {
  /**
   * Label smoothing: the fraction of the target that is spread evenly over all classes (Szegedy et al. 2016).
   * Default: 0.
   */
  readonly smoothing?: number
}

/**
 * -log softmax(y)[target] in nats, from logits of any size without overflow; -infinity excludes a class. y [batch,
 * time, classes] with target [batch, time], or y [batch, classes] with target [batch] (PyTorch's CrossEntropyLoss).
 * With `targets: 'probabilities'` a target has the shape of y, and the loss is -Σ target · log softmax(y).
 *
 * With `target`, the target as a distribution (weighted, smoothed) whose sum is `targetSum`, the loss of a row is
 * targetSum · log Σ exp(y - top) + Σ target · (top - y), and its gradient is targetSum · softmax(y) - target.
 *
 * ```ts
 * import { dense, evaluate, sequences, sequential, softmaxCrossEntropy, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [2, 0] })
 * const model = sequential(vector(2), [dense(3, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: softmaxCrossEntropy() })
 * console.log(loss.toFixed(4)) // 1.0986
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const softmaxCrossEntropy = (given?: SoftmaxCrossEntropyOptions): Loss => {
  const known = { ...classOptions, smoothing: option.within(0, 1)(0) }
  const { smoothing, ...others } = options('softmaxCrossEntropy', given, known)
  return overClasses(
    'softmaxCrossEntropy',
    others as ClassOptions,
    ({ y, oneHot, weight, weighted, classes, row, dy }) => {
      const target = oneHot.mul(1 - smoothing).add(smoothing / classes).mul(weight)
      const targetSum = weighted ? row('targetSum') : constant(1)
      const power = exp(y.sub(row('top')))
      const nll = select(target, target.mul(row('top').sub(y)), 0) // scores of other classes may be -infinity
      return {
        passes: [
          { top: maxOverColumns(y) },
          {
            dy: power,
            powers: sumOverColumns(power),
            nll: sumOverColumns(nll),
            ...(weighted && { targetSum: sumOverColumns(target) }),
          },
        ],
        each: targetSum.mul(log(row('powers'))).add(row('nll')),
        gradient: dy.mul(targetSum.div(row('powers'))).sub(target),
      }
    },
  )
}
