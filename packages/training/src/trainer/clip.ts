import type { Backend, Kernel } from '@recurra/backend'
import { formula, max, min, type Program } from '@recurra/formula'
import { leaves, type Params } from '@recurra/layers'
import { asRows, type Tensor } from '@recurra/tensor'
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

const toRange = (limit: number): Program<'grad'> =>
  formula({ each: ['grad'] }, ({ grad }) => ({ grad: max(-limit, min(limit, grad)) }))
const scale = formula({ each: ['grad'], scalar: ['factor'] }, ({ grad, factor }) => ({ grad: grad.mul(factor) }))

/** Binds clipping to parameters: a function to call when their gradients are there, and `measured`. */
export const clipFor = (backend: Backend, params: Params, clip: Clip, measured: { readonly norm: number }): (() => void) => {
  const grads = leaves(params).map(([, { grad }]) => asRows(grad))
  const bind = (bound: (grad: Tensor) => Kernel): (() => void) => {
    const kernels = grads.map(bound)
    return () => {
      for (let i = 0; i < kernels.length; i++) kernels[i]!(0)
    }
  }
  if ('value' in clip) {
    const program = toRange(expectPositive(clip.value, 'the value of clip'))
    return bind((grad) => backend.formula(program, { grad }))
  }
  const most = expectPositive(clip.norm, 'the norm of clip')
  const factor = backend.zeros([])
  const shrink = bind((grad) => backend.formula(scale, { grad, factor }))
  return () => {
    const wanted = most / (measured.norm + 1e-6) // as PyTorch
    if (wanted >= 1) return
    setScalar(factor, wanted)
    shrink()
  }
}
