/**
 * The kinds of options, each with or without a default: `option.positive(1e-3)`, `option.count()`.
 *
 * ```ts
 * import { option, options } from 'recurra'
 *
 * const known = { width: option.count(1), mode: option.oneOf('sum', 'mean')('sum') }
 * const { width, mode } = options('myLayer', { width: 3 }, known)
 * console.log(width, mode) // 3 sum
 * ```
 *
 * @module
 */

import type { AbortSignalLike } from './abort-signal.ts'
import { didYouMean } from './nearest.ts'

/** How one option is checked, and its default. */
export interface Option<T> {
  /** The valid values, for the error: `a finite number above 0`. */
  readonly expected: string
  /** Whether a value is valid. */
  readonly fits: (value: unknown) => boolean
  /** The value of an option that is left out. */
  readonly fallback: T
  /** Whether the option is required. */
  readonly required?: true
  /** What to pass instead of an invalid value, as a sentence; undefined if there is no special advice. */
  readonly advice?: (value: unknown) => string | undefined
}

/** How the options of an interface are checked, by name; those in `Defaulted` always have a value. */
export type Kinds<Options, Defaulted extends keyof Options> = {
  readonly [name in keyof Options]-?: Option<
    name extends Defaulted ? NonNullable<Options[name]> : Options[name] | undefined
  >
}

/** Makes an option of a kind, with a default or without one (it is then undefined when left out). */
interface Kind<T> {
  (fallback: T): Option<T>
  (): Option<T | undefined>
}

/* @__NO_SIDE_EFFECTS__ */
const kind = <T>(expected: string, fits: (value: unknown) => boolean, advice?: Option<T>['advice']): Kind<T> =>
  ((fallback?: T) => ({ expected, fits, fallback, ...(advice && { advice }) })) as Kind<T>

const isNumber = (value: unknown): value is number => typeof value === 'number'

/**
 * 0 < value < ∞: a learning rate, a limit.
 * @function
 */
export const positive: Kind<number> = kind(
  'a finite number above 0',
  (value) => isNumber(value) && value > 0 && value < Infinity,
)

/**
 * 0 <= value < ∞: a weight decay.
 * @function
 */
export const nonNegative: Kind<number> = kind(
  'a finite number of at least 0',
  (value) => isNumber(value) && value >= 0 && value < Infinity,
)

/**
 * 0 <= value < 1: how much of a running average is kept, such as Adam's betas.
 * @function
 */
export const fraction: Kind<number> = kind(
  'a number from 0 to just below 1',
  (value) => isNumber(value) && value >= 0 && value < 1,
)

/**
 * Any finite number.
 * @function
 */
export const finite: Kind<number> = kind('a finite number', Number.isFinite)

/** low <= value <= high. */
export const within = (low: number, high: number): Kind<number> =>
  kind(`a number from ${low} to ${high}`, (value) => isNumber(value) && value >= low && value <= high)

/** An integer of at least `least`. */
export const integer = (least: number): Kind<number> =>
  kind(`an integer of at least ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least)

/**
 * An integer of at least 1: a size, a number of steps.
 * @function
 */
export const count: Kind<number> = integer(1)

/**
 * The seed of a random number generator: any integer.
 * @function
 */
export const seed: Kind<number> = kind('an integer', Number.isSafeInteger)

/**
 * true or false.
 * @function
 */
export const flag: Kind<boolean> = kind('true or false', (value) => typeof value === 'boolean')

/** One of a few words; the error names the nearest one. */
export const oneOf = <const T extends string>(...words: readonly T[]): Kind<T> =>
  kind(
    `one of ${words.map((word) => `'${word}'`).join(', ')}`,
    (value) => words.includes(value as T),
    (value) => (typeof value === 'string' && didYouMean(value, words).trim()) || undefined,
  )

/**
 * A string, such as a name.
 * @function
 */
export const text: Kind<string> = kind('a text', (value) => typeof value === 'string')

/**
 * A function.
 * @typeParam F - Its signature.
 */
export const callback = <F extends (...args: never[]) => unknown>(): Option<F | undefined> =>
  ({ expected: 'a function', fits: (value) => typeof value === 'function', fallback: undefined })

/**
 * A value with a check of its own; `expected` describes it in the error, and `advice` may return what to pass instead.
 */
export const checked = <T,>(
  expected: string,
  fits: (value: unknown) => boolean,
  advice?: (value: unknown) => string | undefined,
): Kind<T> => kind(expected, fits, advice)

/**
 * An `AbortSignal`, of any realm.
 * @function
 */
export const signal: Kind<AbortSignalLike> = kind('an AbortSignal', (value) =>
  typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value)

/** A value that its owner checks, if no single test can decide what is valid. */
export const unchecked = <T>(): Kind<T> => kind('a value', () => true)

/** An option that must be given. */
export const required = <T,>(option: Option<T | undefined>): Option<T> => ({
  ...option,
  fallback: undefined as T,
  required: true,
})
