/** The sum of numbers. */
export const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** Their mean; NaN where there are none. */
export const meanOf = (values: readonly number[]): number => sumOf(values) / values.length

/** The least and the most of them. */
export const rangeOf = (values: ArrayLike<number>): [least: number, most: number] => {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!)
    most = Math.max(most, values[i]!)
  }
  return [least, most]
}

/** The value that comes most often, the first of several; `none` where there are no values. */
export const mostFrequent = <T,>(values: readonly T[], none: T): T => {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [none, 0])[0]
}

/** How numbers are brought to a mean of 0 and a deviation of 1, by feature. */
export interface Scaler {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/**
 * The scaler of rows of features, of which NaN does not count. A feature that never changes is left as large as it is.
 */
export const scalerOf = (rows: readonly (readonly number[])[]): Scaler => {
  const columns = rows[0]!.map((_, i) => rows.map((row) => row[i]!).filter((value) => !Number.isNaN(value)))
  const mean = columns.map((values) => meanOf(values) || 0)
  const deviation = columns.map((values, i) => Math.sqrt(meanOf(values.map((one) => (one - mean[i]!) ** 2))) || 1)
  return { mean, deviation }
}

/** Features as the model takes them. */
export const scaled = (row: readonly number[], { mean, deviation }: Scaler): number[] =>
  row.map((value, i) => (value - mean[i]!) / deviation[i]!)

/** Features as they were. */
export const unscaled = (row: ArrayLike<number>, { mean, deviation }: Scaler): number[] =>
  Array.from(row, (value, i) => value * deviation[i]! + mean[i]!)
