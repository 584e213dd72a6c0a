import type { Backend } from '@recurra/backend'
import { formula, max, min } from '@recurra/formula'
import { leaves, type Params } from '@recurra/layers'
import { asRows } from '@recurra/tensor'
import { expectPositive } from '../options.ts'
import { setScalar } from '../scalar.ts'

/** How gradients are kept small: each number within ±value, or all together within a length. */
export type Clip = ClipByValue | ClipByNorm
/** Each number by itself. */
export interface ClipByValue {
  /** The largest magnitude. */
  readonly value: number
}
/** All together, keeping their direction. */
export interface ClipByNorm {
  /** The largest length. */
  readonly norm: number
}

const toRange = formula({ each: ['grad'], scalar: ['limit'] }, ({ grad, limit }) => ({
  grad: max(limit.neg(), min(limit, grad)),
}))
const scale = formula({ each: ['grad'], scalar: ['factor'] }, ({ grad, factor }) => ({ grad: grad.mul(factor) }))

/** Binds clipping to parameters: a function to call when their gradients are there, and `measured`. */
export const clipFor = (backend: Backend, params: Params, clip: Clip, measured: { readonly norm: number }): (() => void) => {
  const number = backend.zeros([])
  const kernels = leaves(params).map(([, { grad: whole }]) => {
    const grad = asRows(whole)
    return 'value' in clip ? backend.formula(toRange, { grad, limit: number }) : backend.formula(scale, { grad, factor: number })
  })
  const run = (): void => {
    for (let i = 0; i < kernels.length; i++) kernels[i]!(0)
  }
  if ('value' in clip) {
    setScalar(number, expectPositive(clip.value, 'the value of clip'))
    return run
  }
  const most = expectPositive(clip.norm, 'the norm of clip')
  return () => {
    const factor = most / (measured.norm + 1e-6) // as PyTorch
    if (factor >= 1) return
    setScalar(number, factor)
    run()
  }
}
