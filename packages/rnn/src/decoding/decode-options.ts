import { ConfigurationError, expectCount, type AbortSignalLike } from '@recurra/tensor'

/** What every way of decoding is told. */
export interface DecodeOptions {
  /** What every row is given to read first: a start token, the beginning of a text. At least one token. */
  readonly prompt: readonly number[] | Int32Array
  /** At most so many tokens are written. */
  readonly length: number
  /** The token that ends a sequence; without it all are `length` long. It is not part of what is written. */
  readonly end?: number
  /** Ends it early. */
  readonly signal?: AbortSignalLike
}

/**
 * Checks options. (A token that the model does not know is its own `ValueError`.)
 * @throws `ConfigurationError` if they make no sense.
 */
export const checkDecodeOptions = ({ prompt, length, end }: DecodeOptions): void => {
  if (prompt.length === 0)
    throw new ConfigurationError({
      where: 'decoding',
      expected: 'a prompt of at least one token',
      got: 'none',
      fix: 'Pass the start token that the model was trained with, or the beginning of a text.',
    })
  expectCount(length, 'the length to decode')
  if (end !== undefined) expectCount(end, 'the end token', 0)
}
