import type { Results } from './trial.ts'

/**
 * Differences of two results above `limit`, relative to the larger of 1 and the largest number, as sentences; the worst
 * of each name.
 */
export const faults = (got: Results, want: Results, limit: number, where = ''): string[] =>
  [...new Set([...Object.keys(got), ...Object.keys(want)])].flatMap((name) => {
    const [values, expected] = [got[name], want[name]]
    if (!values || !expected || values.length !== expected.length)
      return [`${where}${name}: ${values?.length ?? 'no'} numbers instead of ${expected?.length ?? 'none'}`]
    const scale = largestOf(expected)
    let [worst, worstError] = [-1, limit]
    for (let i = 0; i < values.length; i++) {
      const error = Object.is(values[i], expected[i]) ? 0 : Math.abs(values[i]! - expected[i]!) / scale
      if (error <= worstError) continue // which NaN is not
      ;[worst, worstError] = [i, Number.isNaN(error) ? Infinity : error]
    }
    return worst < 0 ? [] : [`${where}${name}[${worst}] is ${values[worst]}, not ${expected[worst]}`]
  })

/** The largest absolute value, at least 1. */
const largestOf = (values: readonly number[]): number => {
  let largest = 1
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  return largest
}

/** The values of a result that are not finite, as sentences. */
export const notFinite = (results: Results, where = ''): string[] =>
  Object.entries(results).flatMap(([name, values]) => {
    const at = values.findIndex((value) => !Number.isFinite(value))
    return at < 0 ? [] : [`${where}${name}[${at}] is ${values[at]}`]
  })

/** The sums of results, name by name. */
export const sumOf = (all: readonly Results[]): Results =>
  Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [
      name,
      all[0]![name]!.map((_, i) => all.reduce((sum, results) => sum + results[name]![i]!, 0)),
    ]),
  )
