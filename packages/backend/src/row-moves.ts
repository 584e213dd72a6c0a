import { describeShape, indexCount, ShapeError, type Indices, type Tensor } from '@recurra/tensor'

/**
 * Checks that rows, the table they move to or from, and the indices fit together, whatever values the indices will
 * have.
 * @throws `ShapeError` if they do not.
 */
export const expectRowMove = (rows: Tensor, table: Tensor, indices: Indices, where: 'gather' | 'scatterAdd'): void => {
  const [n, features] = rows.shape
  if (
    rows.shape.length === 2 && table.shape.length === 2 && indices.shape.length === 1 && indices.shape[0] === n &&
    table.shape[1] === features
  ) {
    if (indexCount(indices) <= table.shape[0]!) return
    throw new ShapeError({
      where: `${where}, its indices`,
      expected: `those of ${table.shape[0]} rows, as many as the table has`,
      got: indexCount(indices) < Infinity ? `those of ${indexCount(indices)}` : 'any integers',
      fix: 'Make them with backend.indices(shape, rows): others are then refused when they are written.',
    })
  }
  throw new ShapeError({
    where,
    expected: 'rows [n, features], a table [m, features] and n indices',
    got: `${describeShape(rows.shape)}, ${describeShape(table.shape)} and ${describeShape(indices.shape)}`,
    fix: 'Use asRows to see a tensor as rows.',
  })
}
