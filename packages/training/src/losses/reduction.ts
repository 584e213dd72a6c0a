import type { Backend } from '@recurra/backend'
import { option, type Option, type Tensor } from '@recurra/tensor'
import type { Reduction } from './loss.ts'

/** How the losses of rows become one number. */
export const reductionOption: Option<Reduction> = option.oneOf('mean', 'sum', 'none')('mean')

/** What the sum of all losses is multiplied by, and every gradient with it. A mean over nothing is 0. */
export const shareOf = (reduction: Reduction, weight: number): number =>
  reduction !== 'mean' ? 1 : weight > 0 ? 1 / weight : 0

/** A mask by which every row counts: [rows]. */
export const everyRow = (backend: Backend, rows: number): Tensor => {
  const mask = backend.zeros([rows])
  backend.write(mask, Array.from({ length: rows }, () => 1))
  return mask
}
