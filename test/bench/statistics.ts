/** The middle of a list, between the two middle ones of an even one. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

/** The exponent k of y ~ x^k: the slope of the line of least squares through (log x, log y). */
export const exponent = (x: readonly number[], y: readonly number[]): number => {
  const [a, b] = [x.map(Math.log), y.map(Math.log)]
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  return (
    a.reduce((sum, v, i) => sum + (v - meanA) * (b[i]! - meanB), 0) / a.reduce((sum, v) => sum + (v - meanA) ** 2, 0)
  )
}
