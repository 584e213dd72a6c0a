/** What can be done where a series has a hole, so that it stays on its grid of times. */
export type Filling = 'carry' | 'interpolate' | 'mask'

/** Fills NaN: with the last value before it, or on the line between its neighbours; at an end, with the nearest. */
export const filled = (values: Float64Array, how: Filling): Float64Array => {
  const full = Float64Array.from(values)
  const next = new Int32Array(values.length + 1).fill(-1)
  for (let row = values.length - 1; row >= 0; row--) next[row] = Number.isNaN(values[row]!) ? next[row + 1]! : row
  let before = -1
  for (let row = 0; row < full.length; row++) {
    const after = next[row]!
    if (after === row) before = row
    else if (before < 0) full[row] = after < 0 ? 0 : values[after]!
    else if (how !== 'interpolate' || after < 0) full[row] = values[before]!
    else full[row] = values[before]! + ((row - before) / (after - before)) * (values[after]! - values[before]!)
  }
  return full
}
