import { constant } from '@recurra/formula'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { commonOptions, type CommonOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `sgd`. */
export interface SgdOptions extends CommonOptions {
  /** The momentum factor. Default: 0. */
  readonly momentum?: number
  /** The dampening of momentum: scales the gradient by 1 - dampening from the second step on. Default: 0. */
  readonly dampening?: number
  /**
   * Whether to use Nesterov momentum (Nesterov 1983; Sutskever et al. 2013); needs momentum, and no dampening. Default:
   * false.
   */
  readonly nesterov?: boolean
}

/**
 * Stochastic gradient descent (Robbins and Monro 1951) with momentum (Polyak 1964), dampening, Nesterov momentum and
 * weight decay, as in PyTorch's SGD.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, sgd, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or Nesterov is used without momentum or with
 * dampening.
 */
export const sgd = (given?: SgdOptions): Optimizer => {
  const { momentum, dampening, nesterov, ...common } = options('sgd', given, {
    ...commonOptions(0.01),
    momentum: option.nonNegative(0),
    dampening: option.nonNegative(0),
    nesterov: option.flag(false),
  })
  if (nesterov && (momentum === 0 || dampening !== 0))
    throw new ConfigurationError({
      where: 'sgd',
      expected: 'Nesterov to have momentum and no dampening',
      got: `momentum ${momentum}, dampening ${dampening}`,
      fix: 'Use { momentum: 0.9, nesterov: true }, say.',
    })
  return makeOptimizer('sgd', common, {
    settings: { momentum, ...(momentum && { dampening, nesterov }) },
    state: { velocity: 0 },
    scalars: ['share'],
    fill: (to, t) => {
      to[0] = t === 1 ? 1 : 1 - dampening // the first velocity is the whole gradient, as in PyTorch
    },
    update({ value, grad, velocity: old, learningRate, share }) {
      const velocity = constant(momentum).mul(old).add(share.mul(grad))
      const step = nesterov ? grad.add(velocity.mul(momentum)) : momentum ? velocity : grad
      return { value: value.sub(learningRate.mul(step)), ...(momentum && { velocity }) }
    },
  })
}
