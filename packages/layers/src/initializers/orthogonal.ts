import type { Random } from '@recurra/tensor'

/** a · b of two rows of a matrix. */
const dot = (matrix: Float64Array, size: number, a: number, b: number): number => {
  let sum = 0
  for (let i = 0; i < size; i++) sum += matrix[a * size + i]! * matrix[b * size + i]!
  return sum
}

/**
 * A random matrix [rows, columns] with orthonormal rows, or columns where it has more rows: Gaussian rows, each made
 * orthogonal to those before it (Gram-Schmidt), which favors no direction.
 */
export const orthogonal = (rows: number, columns: number, random: Random): number[] => {
  const [count, size] = [Math.min(rows, columns), Math.max(rows, columns)]
  const matrix = Float64Array.from({ length: count * size }, () => random.normal())
  for (let row = 0; row < count; row++) {
    // Once leaves what rounding brings back in; twice is enough (Kahan).
    for (let pass = 0; pass < 2; pass++)
      for (let before = 0; before < row; before++) {
        const share = dot(matrix, size, row, before)
        for (let i = 0; i < size; i++) matrix[row * size + i]! -= share * matrix[before * size + i]!
      }
    const length = Math.sqrt(dot(matrix, size, row, row))
    for (let i = 0; i < size; i++) matrix[row * size + i]! /= length
  }
  return Array.from({ length: rows * columns }, (_, i) =>
    rows > columns ? matrix[(i % columns) * size + Math.floor(i / columns)]! : matrix[i]!,
  )
}
