import type { Backend, Kernel } from '@recurra/backend'
import { transposed, type Tensor } from '@recurra/tensor'
import { addRows, addTo } from '../kernels.ts'
import type { Variable } from '../variable.ts'
import { unrolled } from './steps.ts'

/** The rows of one side, the queries' or the keys', and where their gradient is added to, if anybody asks for it. */
export interface Rows {
  /** [steps · batch, features], without anything strange in the padding. */
  readonly value: Tensor
  readonly grad: Tensor | undefined
}

/** What one side learns. */
export interface SideParams {
  /** [features, units] */
  readonly weight: Variable | undefined
  /** [units] */
  readonly bias?: Variable | undefined
}

/** One side of a score: its rows as they are, or projected. */
export interface Side {
  /** What enters the score: [steps, batch, units]. */
  readonly seen: Variable
  readonly ahead: readonly Kernel[]
  /** seen.grad -> added to the gradients of the rows and the parameters. */
  readonly back: readonly Kernel[]
}

/** Binds one side. */
export const sideOf = (
  backend: Backend,
  { value: rows, grad }: Rows,
  { weight, bias }: SideParams,
  batch: number,
  training: boolean,
): Side => {
  const [count, features] = rows.shape as [number, number]
  const units = weight?.value.shape[1] ?? features
  const value = weight ? backend.zeros([count, units]) : rows
  const dValue = backend.zeros([training ? count : 0, units])
  return {
    seen: { value: unrolled(value, batch), grad: unrolled(dValue, batch) },
    ahead: weight ? [backend.matmul({ out: value, a: rows, b: weight.value, ...(bias && { bias: bias.value }) })] : [],
    back: !training
      ? []
      : [
          ...(weight ? [backend.matmul({ out: weight.grad, a: transposed(rows), b: dValue, accumulate: true })] : []),
          ...(bias ? [backend.formula(addRows, { x: dValue, y: bias.grad })] : []),
          ...(grad && weight
            ? [backend.matmul({ out: grad, a: dValue, b: transposed(weight.value), accumulate: true })]
            : []),
          ...(grad && !weight ? [backend.formula(addTo, { x: dValue, y: grad })] : []),
        ],
  }
}
