import { describeValue } from './describe-value.ts'
import { ConfigurationError } from './errors.ts'
import { didYouMean, inOtherWords } from './nearest.ts'
import type { Option } from './option.ts'

/** The values of checked options: those given, and the defaults of the others. */
export type Checked<Known extends { readonly [name: string]: Option<unknown> }> = {
  readonly [name in keyof Known]: Known[name] extends Option<infer T> ? T : never
}

/**
 * Checks the names of options: a misspelled one would be ignored in silence.
 * @throws `ConfigurationError` if one is unknown; the error names the nearest known one.
 */
export const expectKnown = (
  given: readonly string[],
  known: readonly string[],
  where: string,
  what = 'option',
): void => {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const hint = inOtherWords(`${where} ${unknown}`) || didYouMean(unknown, known) || inOtherWords(unknown)
  throw new ConfigurationError({
    where,
    expected: `a known ${what}`,
    got: unknown,
    fix: `${hint}Known: ${known.join(', ') || 'none'}.`,
  })
}

/** Whether a value is a plain object, `{ name: … }`: not a list, nor an instance of a class such as `Date` or `Map`. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false
  const above: unknown = Object.getPrototypeOf(value)
  return above === null || Object.getPrototypeOf(above) === null // of any realm, as a worker's messages are
}

/**
 * Checks that no argument was passed beyond those that a function takes: it would be ignored in silence.
 * @throws `ConfigurationError` if one was.
 */
export const expectNoMore = (others: readonly unknown[], owner: string, takes = '', fix = 'Leave it out.'): void => {
  if (others.length === 0) return
  const [expected, got] = [`nothing${takes && ` but ${takes}`}`, describeValue(others[0])]
  throw new ConfigurationError({ where: owner, expected, got, fix })
}

/**
 * The one place where options are checked, of layers, losses, optimizers, schedules, data, backends, stores and `fit`:
 * unknown or misspelled names and invalid values are errors, and options left out have their defaults.
 *
 * ```ts
 * import { option, options } from 'recurra'
 *
 * const known = { learningRate: option.positive(0.01), momentum: option.fraction(0) }
 * const { learningRate, momentum } = options('myOptimizer', { learningRate: 0.1 }, known)
 * console.log(learningRate, momentum) // 0.1 0
 * ```
 * @throws `ConfigurationError` if an option is unknown, invalid, or missing.
 */
export const options = <const Known extends { readonly [name: string]: Option<unknown> }>(
  owner: string,
  given: object | undefined,
  known: Known,
): Checked<Known> => {
  if (given !== undefined && !isRecord(given))
    throw new ConfigurationError({
      where: owner,
      expected: `options as an object, { ${Object.keys(known)[0] ?? ''}: … }`,
      got: describeValue(given),
      fix: `Pass an object with some of ${Object.keys(known).join(', ')}, or nothing.`,
    })
  const values = (given ?? {}) as { readonly [name: string]: unknown }
  expectKnown(Object.keys(values), Object.keys(known), owner)
  return Object.fromEntries(
    Object.entries(known).map(([name, option]) => [name, valueOf(owner, name, values[name], option)]),
  ) as Checked<Known>
}

const valueOf = (owner: string, name: string, value: unknown, option: Option<unknown>): unknown => {
  const { expected, fits, fallback, required: must, advice } = option
  if (value === undefined && !must) return fallback
  if (value !== undefined && fits(value)) return value
  throw new ConfigurationError({
    where: owner,
    expected: `${name} to be ${expected}`,
    got: value === undefined ? 'nothing' : describeValue(value),
    fix:
      advice?.(value) ??
      (!must
        ? `Pass ${expected}, or leave ${name} out.`
        : `Pass ${value === undefined ? `{ ${name}: … }` : expected}.`),
  })
}
