import { abs, differentiate, formula, input, log1p, exp, max, outputsOf, programOf, select, square, sumOverAll, type Expression, type Program } from '@recurra/formula'
import { asRows } from '@recurra/tensor'
import type { Loss, Reduction } from './loss.ts'

export interface ElementWiseOptions {
  readonly reduction?: Reduction
}

type Body = (y: Expression, target: Expression) => Expression

const total: Program<'x' | 'sum'> = formula({ each: ['x'] }, ({ x }) => ({ sum: sumOverAll(x) }))
const masked = (e: Expression): Expression => select(input('mask', 'row'), e, 0)

/** A loss of every element by itself, from its formula; the gradient is worked out. */
export const elementWise = (type: string, body: Body, { reduction = 'mean' }: ElementWiseOptions = {}): Loss => {
  const value = body(input('y'), input('target'))
  const { gradients } = differentiate({ each: value }, ['y'], { save: false })
  const forward: Program = programOf(outputsOf({ each: masked(value) }))
  const backward: Program = programOf(outputsOf({ dy: masked(gradients['y']!.mul(input('share', 'scalar'))) }))
  return {
    type,
    plan(backend, { value: whole, grad }) {
      const [y, dy] = [asRows(whole), asRows(grad)]
      const [rows, columns] = y.shape as [number, number]
      const [target, each, mask] = [backend.zeros(y.shape), backend.zeros(y.shape), backend.zeros([rows])]
      const [seed, share, sum, counted] = [backend.zeros(y.shape), backend.zeros([]), backend.zeros([]), backend.zeros([])]
      backend.write(mask, Array.from({ length: rows }, () => 1))
      backend.write(seed, Array.from({ length: rows * columns }, () => 1))
      const run = backend.formula(forward, { y, target, mask, each })
      const back = backend.formula(backward, { y, target, mask, share, 'd.each': seed, 'y.each': each, dy })
      const add = backend.formula(total, { x: each, sum })
      const count = backend.formula(total, { x: asRows(mask), sum: counted })
      return {
        target, mask, each,
        run: () => {
          count(0)
          const scale = reduction === 'mean' ? 1 / Math.max(1, counted.data[0]! * columns) : 1
          share.data[0] = scale
          run(0)
          back(0)
          add(0)
          return sum.data[0]! * scale
        },
      }
    },
  }
}

/** (y - target)² */
export const meanSquaredError = (options?: ElementWiseOptions): Loss => elementWise('meanSquaredError', (y, t) => square(y.sub(t)), options)
/** |y - target| */
export const meanAbsoluteError = (options?: ElementWiseOptions): Loss => elementWise('meanAbsoluteError', (y, t) => abs(y.sub(t)), options)
/** Quadratic within `delta` of the target, linear beyond (Huber 1964). */
export const huber = ({ delta = 1, ...options }: ElementWiseOptions & { readonly delta?: number } = {}): Loss =>
  elementWise('huber', (y, t) => {
    const e = abs(y.sub(t))
    return select(e.sub(delta), e.sub(delta / 2).mul(delta), square(e).mul(0.5))
  }, options)
/** -log of the probability of the target (0 to 1) under sigmoid(y), from logits, without overflow. */
export const binaryCrossEntropy = (options?: ElementWiseOptions): Loss =>
  elementWise('binaryCrossEntropy', (y, t) => max(y, 0).sub(y.mul(t)).add(log1p(exp(select(y, y.neg(), y)))), options)
