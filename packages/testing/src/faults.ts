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
    const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
    const errors = values.map((value, i) => Object.is(value, expected[i]) ? 0 : Math.abs(value - expected[i]!) / scale)
    const worst = errors.reduce((at, error, i) => (Number.isNaN(error) || error > errors[at]! ? i : at), 0)
    return !(errors.length === 0 || errors[worst]! <= limit)
      ? [`${where}${name}[${worst}] is ${values[worst]}, not ${expected[worst]}`]
      : []
  })

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
