import { abs, select, square, type Expression } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { elementWise, type ElementWiseOptions } from './element-wise.ts'
import { reductionOption, type Loss } from './loss.ts'

/**
 * (y - target)², both [batch, time, features] or both [batch, features] (PyTorch's MSELoss).
 *
 * ```ts
 * import { dense, evaluate, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [3]] })
 * const model = sequential(vector(2), [dense(1, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: meanSquaredError() })
 * console.log(loss.toFixed(4)) // 5.0000
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const meanSquaredError = (options?: ElementWiseOptions): Loss =>
  elementWise('meanSquaredError', (y, target) => square(y.sub(target)), options)

/**
 * |y - target|, both [batch, time, features] or both [batch, features] (PyTorch's L1Loss); the gradient at 0 is 0.
 *
 * ```ts
 * import { dense, evaluate, meanAbsoluteError, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [3]] })
 * const model = sequential(vector(2), [dense(1, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: meanAbsoluteError() })
 * console.log(loss.toFixed(4)) // 2.0000
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const meanAbsoluteError = (options?: ElementWiseOptions): Loss =>
  elementWise('meanAbsoluteError', (y, target) => abs(y.sub(target)), options)

/** Options of `smoothL1`. */
export interface SmoothL1Options extends ElementWiseOptions {
  /**
   * The distance from the target at which the parabola turns into a line; with 0 the loss is |y - target|. Default: 1.
   */
  readonly beta?: number
}

/**
 * (y - target)² / (2 · beta) within `beta` of the target, |y - target| - beta / 2 beyond: Huber's loss divided by
 * `beta`, so that the line has a slope of 1 (PyTorch's SmoothL1Loss; Girshick 2015). Both [batch, time, features] or
 * both [batch, features].
 *
 * ```ts
 * import { dense, evaluate, sequences, sequential, smoothL1, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [3]] })
 * const model = sequential(vector(2), [dense(1, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: smoothL1({ beta: 2 }) })
 * console.log(loss.toFixed(4)) // 1.1250
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const smoothL1 = (given?: SmoothL1Options): Loss => {
  const { beta, reduction } = options('smoothL1', given, { beta: option.nonNegative(1), reduction: reductionOption })
  const body = (y: Expression, target: Expression): Expression => {
    const e = abs(y.sub(target))
    return beta === 0 ? e : select(e.sub(beta), e.sub(beta / 2), square(e).mul(0.5).div(beta))
  }
  return elementWise('smoothL1', body, { reduction })
}

/** Options of `huber`. */
export interface HuberOptions extends ElementWiseOptions {
  /** The distance from the target at which the parabola turns into a line. Default: 1. */
  readonly delta?: number
}

/**
 * Quadratic within `delta` of the target, linear beyond; both [batch, time, features] or both [batch, features] (Huber
 * 1964; PyTorch's HuberLoss).
 *
 * ```ts
 * import { dense, evaluate, huber, sequences, sequential, vector } from 'recurra'
 *
 * const data = sequences({ x: [[0, 1], [1, 0]], target: [[1], [3]] })
 * const model = sequential(vector(2), [dense(1, { initializers: { weight: 0, bias: 0 } })])
 * const { loss } = await evaluate(model, data, { loss: huber({ delta: 2 }) })
 * console.log(loss.toFixed(4)) // 2.2500
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const huber = (given?: HuberOptions): Loss => {
  const { delta, reduction } = options('huber', given, { delta: option.positive(1), reduction: reductionOption })
  const body = (y: Expression, target: Expression): Expression => {
    const e = abs(y.sub(target))
    return select(e.sub(delta), e.sub(delta / 2).mul(delta), square(e).mul(0.5))
  }
  return elementWise('huber', body, { reduction })
}
