import { expectCount, expectNoMore, ShapeError } from '@recurra/tensor'

/** A vector of features at every step: [time, batch, size]. */
export interface Sequence<F extends number = number> {
  /** Tells the three apart. */
  readonly kind: 'sequence'
  /** Features per step. */
  readonly size: F
}
/** One vector of features: [batch, size]. */
export interface Vector<F extends number = number> {
  /** Tells the three apart. */
  readonly kind: 'vector'
  /** Features. */
  readonly size: F
}
/** One symbol out of `size` at every step, as integers from 0: [time, batch]. */
export interface Tokens<V extends number = number> {
  /** Tells the three apart. */
  readonly kind: 'tokens'
  /** How many symbols there are. */
  readonly size: V
}

/** The kind and size of the data between two layers. */
export type Signal = Sequence | Vector | Tokens

const sizeIn = <N extends number>(kind: string, size: N, others: readonly unknown[]): N => {
  expectNoMore(others, kind, 'a size')
  expectCount(size, `the size of ${kind}`)
  return size
}

/**
 * The input of a model that reads `size` features at every step: [batch, time, size].
 *
 * ```ts
 * import { dense, sequence, sequential } from 'recurra'
 *
 * console.log(sequential(sequence(4), [dense(2)]).out) // { kind: 'sequence', size: 2 }
 * ```
 * @throws `ConfigurationError` if `size` is not a positive integer, or there is another argument.
 */
export const sequence = <const F extends number>(size: F, ...others: readonly never[]): Sequence<F> => ({
  kind: 'sequence',
  size: sizeIn('sequence', size, others),
})
/**
 * The input of a model that reads one vector: [batch, size].
 *
 * ```ts
 * import { dense, sequential, vector } from 'recurra'
 *
 * console.log(sequential(vector(4), [dense(2)]).out) // { kind: 'vector', size: 2 }
 * ```
 * @throws `ConfigurationError` if `size` is not a positive integer, or there is another argument.
 */
export const vector = <const F extends number>(size: F, ...others: readonly never[]): Vector<F> => ({
  kind: 'vector',
  size: sizeIn('vector', size, others),
})
/**
 * The input of a model that reads one of `size` symbols at every step: integers from 0, [batch, time].
 *
 * ```ts
 * import { embedding, sequential, tokens } from 'recurra'
 *
 * console.log(sequential(tokens(65), [embedding(8)]).in) // { kind: 'tokens', size: 65 }
 * ```
 * @throws `ConfigurationError` if `size` is not a positive integer, or there is another argument.
 */
export const tokens = <const V extends number>(size: V, ...others: readonly never[]): Tokens<V> => ({
  kind: 'tokens',
  size: sizeIn('tokens', size, others),
})

/** Describes a signal for messages: `a sequence of 4 features`. */
export const describeSignal = ({ kind, size }: Signal): string =>
  kind === 'tokens' ? `tokens of ${size} symbols` : `a ${kind} of ${size} features`

const bridges: Readonly<Record<string, string>> = {
  'tokens sequence': 'Put embedding(n) or oneHot() before it.',
  'tokens vector': 'Put embedding(n) or oneHot() before it.',
  'vector sequence': 'Put repeat(steps) before it.',
  'sequence vector': 'Put last() before it.',
}

/**
 * Checks that a signal is of a kind that a layer accepts.
 * @throws `ShapeError` if it is not.
 */
export const expectSignal = (input: Signal, kinds: readonly Signal['kind'][], where: string): void => {
  if (kinds.includes(input.kind)) return
  throw new ShapeError({
    where,
    expected: `a ${kinds.join(' or a ')}`,
    got: describeSignal(input),
    fix: bridges[`${input.kind} ${kinds[0]}`] ?? 'Tokens come first in a model, made by tokens(size).',
  })
}
