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

const toRange = formula({ each: ['grad'], scalar: ['limit'] }, ({ grad, limit }) => ({ grad: max(limit.neg(), min(limit, grad)) }))
const scale = formula({ each: ['grad'], scalar: ['limit'] }, ({ grad, limit }) => ({ grad: grad.mul(limit) }))

/** Binds clipping to parameters: a function to call after each backward pass, with the length of all gradients together. */
export const clipFor = (backend: Backend, params: Params, clip: Clip): ((norm: number) => void) => {
  const byValue = 'value' in clip
  const most = byValue ? expectPositive(clip.value, 'the value of clip') : expectPositive(clip.norm, 'the norm of clip')
  const limit = backend.zeros([])
  backend.write(limit, [most])
  const kernels = leaves(params).map(([, { grad }]) => backend.formula(byValue ? toRange : scale, { grad: asRows(grad), limit }))
  const run = (): void => {
    for (let i = 0; i < kernels.length; i++) kernels[i]!(0)
  }
  if (byValue) return run
  return (norm) => {
    const factor = most / (norm + 1e-6) // as PyTorch
    if (factor >= 1) return
    setScalar(limit, factor)
    run()
  }
}
