import type { Backend } from '@recurra/backend'
import { viewOf } from '@recurra/tensor'
import { passOf, type Pass } from '../pass.ts'
import { weightProduct } from '../linear.ts'
import type { Windows } from './padding.ts'
import type { Products } from './products.ts'
import type { Taps } from './taps.ts'

/**
 * Whether the windows are one matrix in memory, whose rows overlap: steps of a single sequence follow each other. Where
 * rows are rounded, a window would be rounded otherwise than the steps in it, which are what a stream multiplies.
 */
export const isStrided = (
  { roundsRows = false }: Backend, { kernel, dilation }: Windows, groups: number, batch: number,
): boolean => !roundsRows && dilation === 1 && groups === 1 && kernel > 1 && batch === 1

/**
 * y = windows · W + b, for inference, as one product: each row of the matrix is a window, and the next one begins
 * `stride` steps behind it, in the memory of the inputs themselves.
 */
export const stridedProducts = (
  backend: Backend, { weight, bias, y }: Products,
  { steps, first, windows: { kernel, stride } }: Pick<Taps, 'steps' | 'first'> & { readonly windows: Windows },
): Pass => {
  const size = steps.shape[2]!
  const [perStep = 1, , perFeature = 1] = steps.stride
  const rows = viewOf(
    steps, [y.value.shape[0]!, kernel * size], [stride * perStep, perFeature], steps.offset + first * perStep,
  )
  const product = { out: y.value, a: rows, b: weight.value, ...(bias && { bias: bias.value }) }
  return passOf([weightProduct(backend, product, true)])
}
