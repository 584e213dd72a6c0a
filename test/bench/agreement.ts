import { readFileSync } from 'node:fs'
import type { Child } from './child.ts'
import type { Ran } from './protocol.ts'

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

/** How many iterations are compared where nobody knows what they give. */
const several = 2

/** The first iterations of a system: their values, their seconds, and those of the last, since the first compiles. */
interface First {
  readonly values: readonly number[]
  readonly seconds: number
  readonly once: number
}

/** Runs the first iterations of a system; they must give what is wanted, if that is known. */
export const expectAgreement = async (
  child: Child,
  wanted: readonly number[] | undefined,
  tolerance?: number,
  limit?: number,
): Promise<First> => {
  const first = await firstOf(child, wanted?.length ?? several, limit)
  const problem = wanted && disagreement(first.values, wanted, tolerance)
  if (problem) throw new Error(`disagrees: ${problem}`)
  return first
}

/** Runs the first iterations, one by one. */
export const firstOf = async (child: Child, count: number, limit?: number): Promise<First> => {
  const ran: Ran[] = []
  while (ran.length < count) ran.push(await child.run(1, limit))
  const seconds = ran.map((one) => one.seconds)
  return {
    values: ran.flatMap(({ values }) => values), seconds: seconds.reduce((a, b) => a + b, 0), once: seconds.at(-1)!,
  }
}
