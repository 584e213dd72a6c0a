/** A linear forecast: `bias + Σ weight · (input - mean)`. */
export interface Linear {
  readonly bias: number
  readonly mean: readonly number[]
  readonly weight: readonly number[]
}

/** What it says to some inputs. */
export const linearAt = ({ bias, mean, weight }: Linear, inputs: readonly number[]): number => {
  let sum = bias
  for (let i = 0; i < weight.length; i++) sum += weight[i]! * (inputs[i]! - mean[i]!)
  return sum
}

/**
 * Ridge regressions (Hoerl & Kennard 1970) under several penalties at once: inputs are brought to a deviation of 1, and
 * the mean squared error plus `penalty` times the squares of the weights is least. An input that never changes, or is
 * not among those that are `used`, has no weight.
 */
export const ridges = (
  rows: readonly (readonly number[])[],
  targets: ArrayLike<number>,
  penalties: readonly number[],
  used: readonly boolean[],
): Linear[] => {
  const [count, size] = [rows.length, rows[0]!.length]
  const mean = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / count)
  const deviation = mean.map((m, i) => Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - m) ** 2, 0) / count))
  const scale = deviation.map((d, i) => (used[i] && d > 1e-12 * Math.abs(mean[i]!) && d > 0 ? 1 / d : 0))
  const bias = Array.from(targets).reduce((a, b) => a + b, 0) / count
  const [gram, moment] = [new Float64Array(size * size), new Float64Array(size)]
  const row = new Float64Array(size)
  rows.forEach((raw, n) => {
    for (let i = 0; i < size; i++) row[i] = (raw[i]! - mean[i]!) * scale[i]!
    for (let i = 0; i < size; i++) {
      moment[i]! += (row[i]! * (targets[n]! - bias)) / count
      for (let j = 0; j <= i; j++) gram[i * size + j]! += (row[i]! * row[j]!) / count
    }
  })
  return penalties.map((penalty) => ({
    bias,
    mean,
    weight: [...solve(gram, moment, penalty)].map((weight, i) => weight * scale[i]!),
  }))
}

/** (G + penalty · I) w = m by Cholesky's decomposition; of G, the lower triangle is read. */
const solve = (gram: Float64Array, moment: Float64Array, penalty: number): Float64Array => {
  const size = moment.length
  const [lower, w] = [Float64Array.from(gram), Float64Array.from(moment)]
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * size + j]! + (i === j ? penalty : 0)
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / lower[j * size + j]!
    }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) w[i]! -= lower[i * size + k]! * w[k]!
    w[i]! /= lower[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) w[i]! -= lower[k * size + i]! * w[k]!
    w[i]! /= lower[i * size + i]!
  }
  return w
}
