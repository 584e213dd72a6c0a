import type { Floats } from '@recurra/tensor'

/** The rows of one sequence in a tensor [time, batch, features] or [batch, features]. */
export const rowsOf = (values: Floats, shape: readonly number[], b: number): number[] => {
  const [steps, batch, width] = shape.length === 3 ? (shape as [number, number, number]) : [1, shape[0]!, shape[1]!]
  const rows: number[] = []
  for (let t = 0; t < steps; t++) for (let c = 0; c < width; c++) rows.push(values[(t * batch + b) * width + c]!)
  return rows
}

/** Combines sequences of rows into a time-major batch; the remaining positions become `padding`. */
export const sideBySide = (
  sequences: readonly (readonly number[])[],
  size: number,
  width: number,
  padding: number = Number.NaN,
): Float64Array => {
  const values = new Float64Array(size).fill(padding)
  sequences.forEach((sequence, b) => {
    for (let i = 0; i < sequence.length; i++)
      values[(Math.floor(i / width) * sequences.length + b) * width + (i % width)] = sequence[i]!
  })
  return values
}
