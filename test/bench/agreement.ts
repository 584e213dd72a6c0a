import { readFileSync } from 'node:fs'
import type { Child } from './child.ts'
import type { Workload } from './workloads.ts'

/** The first values of each workload in float64, written by `peers/python/expected.py`. */
export const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as {
  readonly [workload: string]: readonly number[]
}

/** float32 keeps seven digits; a few updates and long sums cost two or three of them. */
const ofFloat32 = 1e-4

/** Why a system does not compute the workload; nothing if it does. */
export const disagreement = (
  values: readonly number[], wanted: readonly number[], tolerance = ofFloat32,
): string | undefined => {
  for (const [i, value] of values.entries()) {
    const error = Math.abs(value - wanted[i]!) / Math.max(Math.abs(wanted[i]!), 1e-3)
    if (!(error <= tolerance)) return `value ${i + 1} is ${value.toPrecision(7)}, not ${wanted[i]!.toPrecision(7)}`
  }
  return undefined
}

/**
 * Runs the first iterations of a system, which must give what is expected; answers with how many, and their seconds.
 */
export const expectAgreement = async (
  child: Child,
  { id }: Workload,
  tolerance?: number,
  limit?: number,
): Promise<{ readonly iterations: number; readonly seconds: number }> => {
  const wanted = expected[id]!
  const { values, seconds } = await child.run(wanted.length, limit)
  const problem = disagreement(values, wanted, tolerance)
  if (problem) throw new Error(`disagrees: ${problem}`)
  return { iterations: wanted.length, seconds }
}
