/** How numbers are brought to a mean of 0 and a deviation of 1, by feature. */
export interface Scaler {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** The scaler of rows of features. A feature that never changes is left as large as it is. */
export const scalerOf = (rows: readonly (readonly number[])[]): Scaler => {
  const columns = rows[0]!.map((_, feature) => rows.map((row) => row[feature]!))
  const mean = columns.map((values) => values.reduce((a, b) => a + b, 0) / values.length)
  const deviation = columns.map(
    (values, i) => Math.sqrt(values.reduce((sum, value) => sum + (value - mean[i]!) ** 2, 0) / values.length) || 1,
  )
  return { mean, deviation }
}

/** Features as the model takes them. */
export const scaled = (row: readonly number[], { mean, deviation }: Scaler): number[] =>
  row.map((value, i) => (value - mean[i]!) / deviation[i]!)

/** Features as they were. */
export const unscaled = (row: ArrayLike<number>, { mean, deviation }: Scaler): number[] =>
  Array.from(row, (value, i) => value * deviation[i]! + mean[i]!)
