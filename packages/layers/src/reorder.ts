import type { Backend } from '@recurra/backend'
import { reshape, ShapeError, sizeOf, ValueError, type Tensor } from '@recurra/tensor'
import { copy } from './kernels.ts'
import { inOrder } from './pass.ts'

/**
 * Binds a reordering of the rows of some tensors, each [batch, …]: row b becomes the previous row `parents[b]`.
 * @throws `ShapeError` when it runs, if the number of parents is not the number of rows; then nothing has moved.
 * @throws `ValueError` when it runs, if a parent is not a row; then nothing has moved.
 */
export const reordering = (
  backend: Backend,
  tensors: readonly Tensor[],
  batch: number,
): ((parents: ArrayLike<number>) => void) => {
  const indices = backend.indices([batch], batch)
  const move = inOrder(tensors.flatMap((tensor) => {
    const out = reshape(tensor, [batch, sizeOf(tensor.shape) / batch])
    const table = backend.zeros(out.shape) // a row may be copied to several others, so copy all rows first
    return [copy(backend, out, table), backend.gather({ out, table, indices })]
  }))
  return (parents) => {
    if (parents.length !== batch)
      throw new ShapeError({
        where: 'reorder',
        expected: `a parent for each of ${batch} rows`,
        got: String(parents.length),
        fix: 'Name for every row the one that it continues.',
      })
    for (let b = 0; b < batch; b++) {
      const parent = parents[b]!
      if (!(Number.isInteger(parent) && parent >= 0 && parent < batch))
        throw new ValueError({
          where: `reorder, row ${b}`,
          expected: `a row from 0 to ${batch - 1}`,
          got: String(parent),
          fix: 'Name rows of this stream.',
        })
    }
    backend.write(indices, parents)
    move(0)
  }
}
