/**
 * Rows of ONNX, [gates · units, width], from a place on, as columns of ours, [width, gates · units]. A gate whose
 * position among ours is -1 is left out.
 */
export const gateColumns = (
  values: ArrayLike<number>, from: number, gates: readonly number[], units: number, width: number,
): Float32Array => {
  const columns = gates.filter((ours) => ours >= 0).length * units
  const result = new Float32Array(width * columns)
  gates.forEach((ours, gate) => {
    if (ours < 0) return
    for (let unit = 0; unit < units; unit++)
      for (let i = 0; i < width; i++)
        result[i * columns + ours * units + unit] = values[from + (gate * units + unit) * width + i]!
  })
  return result
}

/** A matrix with rows and columns exchanged. */
export const transposedValues = (values: ArrayLike<number>, rows: number, columns: number): Float32Array => {
  const result = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!
  return result
}

/** [filters, features, kernel] as ours, [kernel · features, filters]. */
export const convolutionWeight = (
  values: ArrayLike<number>, filters: number, features: number, kernel: number,
): Float32Array => {
  const result = new Float32Array(values.length)
  for (let filter = 0; filter < filters; filter++)
    for (let i = 0; i < features; i++)
      for (let k = 0; k < kernel; k++)
        result[(k * features + i) * filters + filter] = values[(filter * features + i) * kernel + k]!
  return result
}

/** [features, filters, kernel] as ours, [kernel · features, filters]. */
export const transposedConvolutionWeight = (
  values: ArrayLike<number>, features: number, filters: number, kernel: number,
): Float32Array => {
  const result = new Float32Array(values.length)
  for (let i = 0; i < features; i++)
    for (let filter = 0; filter < filters; filter++)
      for (let k = 0; k < kernel; k++)
        result[(k * features + i) * filters + filter] = values[(i * filters + filter) * kernel + k]!
  return result
}
