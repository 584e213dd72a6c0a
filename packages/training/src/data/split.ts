import {
  ConfigurationError, describeValue, didYouMean, isRecord, option, options, Random, ShapeError, ValueError,
} from '@recurra/tensor'
import { shuffled } from './index-batches.ts'

/** Lists whose entries belong together, such as inputs and targets. */
export interface Columns {
  readonly [name: string]: readonly unknown[]
}

/** Options of `split`. */
export interface SplitOptions<Name extends string = string> {
  /** The seed of the random split. Default: 1. */
  readonly seed?: number
  /**
   * The name of a list of classes: every part then has the same proportions of classes. Default: parts are drawn
   * without regard to classes.
   */
  readonly stratify?: Name
}

/**
 * Splits the entries of data at random, for example into training, validation and test data. Each part keeps the order
 * of the entries.
 *
 * ```ts
 * import { split } from 'recurra'
 *
 * const data = { x: [[1, 1], [2], [3, 3], [4], [5, 5], [6]], target: [0, 0, 0, 1, 1, 1] }
 * const [train, test] = split(data, [2 / 3, 1 / 3], { stratify: 'target' })
 * console.log(train!.target, test!.target) // [0, 0, 1, 1] [0, 1]
 * ```
 * @throws `ShapeError` if lists differ in length.
 * @throws `ConfigurationError` if shares are not above 0 or do not sum to 1, an option is unknown, or `stratify` does
 * not name one of the lists.
 * @throws `ValueError` if a part would be empty.
 */
export const split = <D extends Columns>(
  data: D,
  shares: readonly number[],
  given: SplitOptions<keyof D & string> = {},
): D[] => {
  const names = Object.keys(data ?? {})
  const { seed, stratify } = options('split', given, {
    seed: option.seed(1),
    stratify: option.checked<keyof D & string>(
      `the name of a list: ${names.join(', ') || 'none'}`,
      (name) => names.includes(name as string),
      (name) => (typeof name === 'string' && didYouMean(name, names).trim()) || undefined,
    )(),
  })
  const count = countOf(data)
  if (!(
    Array.isArray(shares) && shares.length > 0 && shares.every((share) => typeof share === 'number' && share > 0) &&
    Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-9
  ))
    throw new ConfigurationError({
      where: 'split',
      expected: 'shares above 0 that are 1 together',
      got: Array.isArray(shares) ? `[${shares.join(', ')}]` : describeValue(shares),
      fix: 'Use [0.8, 0.1, 0.1], say.',
    })
  const order = shuffled(Array.from({ length: count }, (_, i) => i), new Random(seed))
  const dealt = deal(stratify === undefined ? order : byClass(order, data[stratify]!), shares)
  dealt.forEach((part, p) => {
    if (part.length === 0)
      throw new ValueError({
        where: `split, part ${p}`,
        expected: 'at least one entry',
        got: `none of ${count}`,
        fix: 'Use more data, or a larger share.',
      })
    part.sort((a, b) => a - b)
  })
  return dealt.map(
    (part) =>
      Object.fromEntries(
        Object.entries(data).map(([name, column]) => [name, part.map((i) => column[i])]),
      ) as Columns as D,
  )
}

/** One entry after the other goes to the part that lacks most: so any stretch of them is dealt out by the shares. */
const deal = (order: readonly number[], shares: readonly number[]): number[][] => {
  const parts: number[][] = shares.map(() => [])
  order.forEach((entry, dealt) => {
    const shortfall = shares.map((share, p) => share * (dealt + 1) - parts[p]!.length)
    parts[shortfall.indexOf(Math.max(...shortfall))]!.push(entry)
  })
  return parts
}

/** The entries of each class one after the other. */
const byClass = (order: readonly number[], classes: readonly unknown[]): number[] =>
  [...new Set(classes)].flatMap((one) => order.filter((i) => classes[i] === one))

const countOf = (data: Columns): number => {
  if (!isRecord(data))
    throw new ConfigurationError({
      where: 'split',
      expected: 'lists by name',
      got: describeValue(data),
      fix: 'Pass { x: [...], target: [...] }.',
    })
  const columns = Object.entries(data)
  for (const [name, column] of columns)
    if (!Array.isArray(column))
      throw new ShapeError({
        where: `split, ${name}`,
        expected: 'a list with one entry per example',
        got: describeValue(column),
        fix: 'Pass { x: [...], target: [...] }.',
      })
  const count = columns[0]?.[1].length ?? 0
  for (const [name, { length }] of columns)
    if (length !== count)
      throw new ShapeError({
        where: `split, ${name}`,
        expected: `as many entries as ${columns[0]![0]}, ${count}`,
        got: String(length),
        fix: 'Give every entry all that belongs to it.',
      })
  return count
}
