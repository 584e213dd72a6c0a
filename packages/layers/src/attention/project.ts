import type { Backend } from '@recurra/backend'
import { asRows, type Tensor } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { addTo } from '../kernels.ts'
import { linear } from '../linear.ts'
import { passOf, type Pass } from '../pass.ts'
import { variable, requiresGradient, type Variable, type Wire } from '../variable.ts'
import { unrolled } from './steps.ts'

/** Queries or keys, and the pass that computes them from features. */
export interface Projected {
  /** [steps, batch, units] */
  readonly y: Variable
  /** Adds its gradient to the gradient of the features. */
  readonly pass: Pass
}

/** Queries or keys: features as they are, or times a weight. Their padding holds 0. */
export const project = (
  backend: Backend,
  x: Wire<Tensor>,
  { weight, bias }: { readonly weight: Variable | undefined; readonly bias?: Variable | undefined },
  callShape: CallShape,
): Projected => {
  const { steps, batch, mode } = callShape
  const rows = asRows(x.value)
  const training = mode === 'training'
  const own = variable(backend, [rows.shape[0]!, weight?.value.shape[1] ?? rows.shape[1]!], training)
  const unroll = (value: Tensor): Variable => ({
    value: unrolled(value, batch),
    grad: training ? unrolled(own.grad, batch) : own.grad,
  })
  const unpadded = { steps, batch, mode } // the padding is 0 already
  if (weight)
    return { y: unroll(own.value), pass: linear(backend, { x, weight, bias, y: own, shared: true }, unpadded) }
  const backward = training && requiresGradient(x) ? [backend.formula(addTo, { x: own.grad, y: asRows(x.grad) })] : []
  return { y: unroll(rows), pass: passOf([], backward) }
}
