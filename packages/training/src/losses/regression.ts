import { abs, select, square, type Expression } from '@recurra/formula'
import { expectPositive } from '../options.ts'
import { elementWise, type ElementWiseOptions } from './element-wise.ts'
import type { Loss } from './loss.ts'

/** (y - target)², for values of any shape (PyTorch's MSELoss). */
export const meanSquaredError = (options?: ElementWiseOptions): Loss =>
  elementWise('meanSquaredError', (y, target) => square(y.sub(target)), options)

/** |y - target|, for values of any shape (PyTorch's L1Loss); the gradient at 0 is 0. */
export const meanAbsoluteError = (options?: ElementWiseOptions): Loss =>
  elementWise('meanAbsoluteError', (y, target) => abs(y.sub(target)), options)

/** Options of `huber`. */
export interface HuberOptions extends ElementWiseOptions {
  /** How far from the target the parabola turns into a line; 1 unless said otherwise. */
  readonly delta?: number
}

/** Quadratic within `delta` of the target, linear beyond (Huber 1964; PyTorch's HuberLoss). */
export const huber = ({ delta = 1, ...options }: HuberOptions = {}): Loss => {
  expectPositive(delta, 'the delta of huber')
  const body = (y: Expression, target: Expression): Expression => {
    const e = abs(y.sub(target))
    return select(e.sub(delta), e.sub(delta / 2).mul(delta), square(e).mul(0.5))
  }
  return elementWise('huber', body, options)
}
