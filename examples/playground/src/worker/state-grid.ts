import type { ObservedLayer, Tensor } from 'recurra'
import type { Grid } from './look.ts'

/** A tensor [rows, columns]. */
export const gridOf = ({ data, shape: [rows, columns] }: Tensor): Grid =>
  ({ values: Float32Array.from(data), rows: rows!, columns: columns! })

/** The state of a layer after each step, where it is a matrix; the matrices of several heads lie below one another. */
export const matricesOf = ({ states }: ObservedLayer): Grid[] | undefined => {
  const { S } = states
  if (!S) return undefined
  const [steps, heads, keys, columns] = S.shape as [number, number, number, number]
  const size = heads * keys * columns
  return Array.from({ length: steps }, (_, t) =>
    ({ values: Float32Array.from(S.data.subarray(t * size, (t + 1) * size)), rows: heads * keys, columns }))
}

/** What a layer holds after each step, [time, units]; the units of a matrix are its rows, of which it is the length. */
export const stateGrid = (layer: ObservedLayer): Grid => {
  const matrices = matricesOf(layer)
  if (!matrices) return gridOf(layer.states['h'] ?? Object.values(layer.states)[0]!)
  const lengths = matrices.map(({ values, rows, columns }) =>
    Array.from({ length: rows }, (_, row) => Math.hypot(...values.subarray(row * columns, (row + 1) * columns))))
  return { values: Float32Array.from(lengths.flat()), rows: lengths.length, columns: lengths[0]?.length ?? 0 }
}

/** A gate with one number for several units has it for each of them. */
export const spread = ({ values, rows, columns }: Grid, units: number): Grid => {
  const each = units / columns
  return {
    values: Float32Array.from({ length: rows * units }, (_, i) =>
      values[Math.floor(i / units) * columns + Math.floor((i % units) / each)]!),
    rows, columns: units,
  }
}
