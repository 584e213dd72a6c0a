import type { Profile } from '@recurra/backend'

/** The average time of the parts of a training step, in milliseconds. */
export interface StepProfile extends Readonly<Profile> {
  /** Everything else: loading the batch, and the overhead of calls. */
  readonly rest: number
}

/** Divides what was spent in `steps` steps, which took `seconds` in all. */
export const stepProfile = (spent: Profile, steps: number, seconds: number): StepProfile => {
  const perStep = (milliseconds: number): number => milliseconds / Math.max(1, steps)
  const [matmul, formulas, moves] = [perStep(spent.matmul), perStep(spent.formulas), perStep(spent.moves)]
  return { matmul, formulas, moves, rest: Math.max(0, perStep(1000 * seconds) - matmul - formulas - moves) }
}

/**
 * A profile as a small table, the largest part first.
 *
 * ```ts
 * import { describeProfile } from 'recurra'
 *
 * console.log(describeProfile({ matmul: 3, formulas: 0.75, moves: 0, rest: 0.25 }))
 * // matmul      3.000 ms   75.0 %
 * // formulas    0.750 ms   18.8 %
 * // rest        0.250 ms    6.3 %
 * // moves       0.000 ms    0.0 %
 * ```
 */
export const describeProfile = (profile: StepProfile): string => {
  const parts = Object.entries(profile) as [part: string, milliseconds: number][]
  const whole = parts.reduce((sum, [, milliseconds]) => sum + milliseconds, 0) || 1
  return parts
    .sort(([, a], [, b]) => b - a)
    .map(
      ([part, milliseconds]) =>
        `${part.padEnd(10)} ${milliseconds.toFixed(3).padStart(6)} ms ` +
          `${((100 * milliseconds) / whole).toFixed(1).padStart(6)} %`,
    )
    .join('\n')
}
