import type { Backend, Kernel } from '@recurra/backend'
import { exp, formula, log, maxOverColumns, select, sumOverColumns } from '@recurra/formula'
import { inOrder } from '@recurra/layers/authoring'
import { asRows, reshape, type Tensor } from '@recurra/tensor'
import type { Steps } from './paths.ts'

const topOf = formula({ element: ['y'] }, ({ y }) => ({ top: maxOverColumns(y) }))
const powersOf = formula({ element: ['y'], row: ['top'] }, ({ y, top }) => ({
  powers: sumOverColumns(exp(y.sub(top))),
}))
const normOf = formula({ row: ['top', 'powers'] }, ({ top, powers }) => ({
  norm: sumOverColumns(top.add(log(powers))),
}))

/** log Σ exp of each row of y, without overflow: y [time, batch, classes] -> norm [time, batch]. */
export const normFor = (backend: Backend, y: Tensor): { readonly norm: Tensor; readonly run: Kernel } => {
  const [steps, batch] = y.shape as [number, number, number]
  const perRow = (): Tensor => backend.zeros([steps * batch])
  const [top, powers, norm] = [perRow(), perRow(), perRow()]
  const run = inOrder([
    backend.formula(topOf, { y: asRows(y), top }),
    backend.formula(powersOf, { y: asRows(y), top, powers }),
    backend.formula(normOf, { top, powers, norm }),
  ])
  return { norm: reshape(norm, [steps, batch]), run }
}

const pushed = formula(
  { element: ['y'], row: ['norm', 'mask', 'scales'], scalar: ['scale'] },
  ({ y, norm, mask, scales, scale }) => ({ dy: select(mask, exp(y.sub(norm)).mul(scales).mul(scale), 0) }),
)

/** dy = softmax(y), scaled: what pushes every score down, before the paths pull some up. Run once for each step. */
export const pushFor = (
  backend: Backend,
  { y, norm, mask }: Steps,
  scaled: { readonly dy: Tensor; readonly scales: Tensor; readonly scale: Tensor },
): Kernel => backend.formula(pushed, { y, norm, mask, ...scaled })
