import { ConfigurationError, describeValue, largestIn, notHeld, option } from '@recurra/tensor'

/** A result on validation data. */
export interface Measured {
  /** The loss. */
  readonly loss: number
  /** Metrics by name, if there are any. */
  readonly metrics?: Readonly<Record<string, unknown>>
}

/**
 * A learning-rate schedule: returns the learning rate of the next step, given the number of steps so far (0 at the
 * first), the fraction of the training that is `done` (0 to 1, or NaN if unknown) and all validation results so far
 * (`measured`, undefined without validation). Any such function works; a resumed run calls it with the same arguments.
 */
export type Schedule = (step: number, done: number, measured?: readonly Measured[]) => number

/** A learning rate: a constant or a schedule. */
export type LearningRate = number | Schedule

/**
 * The rate of one step.
 *
 * ```ts
 * import { cosineDecay, learningRateAt } from 'recurra'
 *
 * console.log(learningRateAt(0.1, 7, 0)) // 0.1
 * console.log(learningRateAt(cosineDecay(0.5), 7, 0)) // 0.5
 * ```
 * @throws `ConfigurationError` if it is below 0, or larger than float32 can hold.
 */
export const learningRateAt = (
  learningRate: LearningRate,
  step: number,
  done: number,
  measured?: readonly Measured[],
): number => {
  const now: unknown = typeof learningRate === 'function' ? learningRate(step, done, measured) : learningRate
  if (typeof now === 'number' && now >= 0 && now <= largestIn('float32')) return now
  const where = `learning rate at step ${step + 1}`
  if (typeof now === 'number' && now > 0 && now < Infinity)
    throw new ConfigurationError({ where, ...notHeld(now, 'float32') })
  throw new ConfigurationError({
    where,
    expected: 'a finite number of at least 0',
    got: describeValue(now),
    fix:
      'A schedule without `steps` follows the whole training: give it `steps`, ' +
      'or train with fit, which knows how much is done.',
  })
}

/**
 * Checks what a schedule starts from.
 * @throws `ConfigurationError` if it is not finite and above 0.
 */
export const expectLearningRate = (learningRate: number, schedule: string): number => {
  if (option.positive(1).fits(learningRate)) return learningRate
  throw new ConfigurationError({
    where: schedule,
    expected: 'a rate that is a finite number above 0',
    got: describeValue(learningRate),
    fix: `Pass the first rate, then the options: ${schedule}(0.1, …).`,
  })
}

/** How far a schedule is along its way: by its own number of steps, else by the whole training. */
export const along = (steps: number | undefined, step: number, done: number): number =>
  steps === undefined ? done : step / steps
