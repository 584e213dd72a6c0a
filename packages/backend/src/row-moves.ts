import { describeShape, ShapeError, type Indices, type Tensor } from '@recurra/tensor'

/**
 * Checks that rows, the table they move to or from, and their places in it fit together.
 * @throws `ShapeError` if they do not.
 */
export const expectRowMove = (rows: Tensor, table: Tensor, indices: Indices, where: 'gather' | 'scatterAdd'): void => {
  const [n, features] = rows.shape
  if (
    rows.shape.length === 2 && table.shape.length === 2 && indices.shape.length === 1 && indices.shape[0] === n &&
    table.shape[1] === features
  )
    return
  throw new ShapeError({
    where,
    expected: 'rows [n, features], a table [m, features] and n indices',
    got: `${describeShape(rows.shape)}, ${describeShape(table.shape)} and ${describeShape(indices.shape)}`,
    fix: 'Use asRows to see a tensor as rows.',
  })
}
