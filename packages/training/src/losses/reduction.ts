import type { Backend, Kernel } from '@recurra/backend'
import { constant, formula, select, sumOverAll } from '@recurra/formula'
import { option, type Option, type Tensor } from '@recurra/tensor'
import type { Reduction } from './loss.ts'

/** How the losses of rows become one number. */
export const reductionOption: Option<Reduction> = option.oneOf('mean', 'sum', 'none')('mean')

const inverse = formula({ scalar: ['count'] }, ({ count }) => ({
  scale: sumOverAll(select(count, constant(1).div(count), 0)),
}))

/** What the sum of all losses is multiplied by, and every gradient with it. A mean over nothing is 0. */
export const scaleFor = (
  backend: Backend,
  reduction: Reduction,
  count: Tensor,
): { readonly scale: Tensor; readonly kernels: readonly Kernel[] } => {
  const scale = backend.zeros([])
  if (reduction === 'mean') return { scale, kernels: [backend.formula(inverse, { count, scale })] }
  backend.write(scale, [1])
  return { scale, kernels: [] }
}

/** A mask by which every row counts: [rows]. */
export const everyRow = (backend: Backend, rows: number): Tensor => {
  const mask = backend.zeros([rows])
  backend.write(mask, Array.from({ length: rows }, () => 1))
  return mask
}
