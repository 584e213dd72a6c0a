import { describeValue } from './describe-value.ts'

/** The parts of every error of this framework: what was expected, what it got instead, and how to fix it. */
export interface Complaint {
  /** What was expected. */
  readonly expected: string
  /** What it got instead. */
  readonly got: string
  /** How to fix it: a sentence. */
  readonly fix: string
  /** Where the error occurred, e.g. `dense(10), layer 2 of lstm -> dropout -> dense`. */
  readonly where?: string
}

/** The base class of every error thrown on purpose: `catch (e) { if (e instanceof RecurraError) … }`. */
export class RecurraError extends Error {
  /** The name of the class. */
  override readonly name: string = 'RecurraError'
  /** What was expected. */
  readonly expected: string
  /** What it got instead. */
  readonly got: string
  /** How to fix it. */
  readonly fix: string
  /** Where the error occurred, if known. */
  readonly where: string | undefined

  constructor({ expected, got, fix, where }: Complaint) {
    super(`${where ? `${where}: ` : ''}expected ${expected}, got ${got}. ${fix}`)
    this.expected = expected
    this.got = got
    this.fix = fix
    this.where = where
  }
}

/** A tensor of the wrong rank or size. */
export class ShapeError extends RecurraError {
  override readonly name: string = 'ShapeError'
}

/** A value that cannot be used: NaN in the data, a class index out of range, an unknown token. */
export class ValueError extends RecurraError {
  override readonly name: string = 'ValueError'
}

/** An option or a combination of parts that is invalid: a layer of size 0, two layers of one name. */
export class ConfigurationError extends RecurraError {
  override readonly name: string = 'ConfigurationError'
}

/** Not enough memory for a plan. */
export class MemoryError extends RecurraError {
  override readonly name: string = 'MemoryError'
}

/**
 * Checks a count such as a layer size: an integer of at least `least`.
 * @throws `ConfigurationError` if it is not.
 */
export const expectCount = (value: number, what: string, least = 1): number => {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new ConfigurationError({
    expected: `${what} to be an integer of at least ${least}`,
    got: describeValue(value),
    fix: `Pass ${least} or more.`,
  })
}

/**
 * Checks a number such as a probability: `low <= value <= high`.
 * @throws `ConfigurationError` if it is outside.
 */
export const expectWithin = (value: number, what: string, low: number, high: number): number => {
  if (typeof value === 'number' && value >= low && value <= high) return value
  throw new ConfigurationError({
    expected: `${what} to be a number from ${low} to ${high}`,
    got: describeValue(value),
    fix: `Choose a value inside [${low}, ${high}].`,
  })
}
