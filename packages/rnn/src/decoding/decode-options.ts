import type { Backend } from '@recurra/backend'
import {
  ConfigurationError, option, options, type AbortSignalLike, type Checked, type Indices, type Option, type Tensor,
} from '@recurra/tensor'

/**
 * A model that generates token by token, in `batch` rows. The `Stream` of a language model is one (`model.stream()`),
 * and so is the stream of an encoder-decoder after `encode`.
 */
export interface Decodable {
  /** The backend that it runs on. */
  readonly backend: Backend
  /** The number of sequences. */
  readonly batch: number
  /** Reads the last token of each row, [batch], and returns scores for the next one: logits [batch, vocabulary]. */
  step(tokens: Indices): Tensor
  /** Row i continues from the state of row `parents[i]`: [batch], integers. */
  reorder(parents: ArrayLike<number>): void
}

/** Options of every decoder. */
export interface DecodeOptions {
  /** The tokens that every row reads first: a start token, or the beginning of a text. At least one token. */
  readonly prompt: readonly number[] | Int32Array
  /** Maximum number of tokens to generate. */
  readonly length: number
  /** The token that ends a sequence. It is not part of the output. Default: every sequence has `length` tokens. */
  readonly end?: number
  /** Aborts the generation. Default: no signal. */
  readonly signal?: AbortSignalLike
}

/** The kinds of them, to which each way of decoding adds its own. */
export const decodeOptions: {
  readonly prompt: Option<readonly number[] | Int32Array>
  readonly length: Option<number>
  readonly end: Option<number | undefined>
  readonly signal: Option<AbortSignalLike | undefined>
} = {
  prompt: option.required(
    option.checked<readonly number[] | Int32Array>(
      'a list of tokens',
      (value) => Array.isArray(value) || value instanceof Int32Array,
    )(),
  ),
  length: option.required(option.count()),
  end: option.integer(0)(),
  signal: option.unchecked<AbortSignalLike>()(),
}

/**
 * Checks the options of a way of decoding. (A token that the model does not know is its own `ValueError`.)
 * @throws `ConfigurationError` if one is unknown, does not fit or is missing, or there is no prompt.
 */
export const checkDecodeOptions = <
  const Known extends typeof decodeOptions & { readonly [name: string]: Option<unknown> },
>(owner: string, given: object, known: Known): Checked<Known> => {
  const checked = options(owner, given, known)
  if ((checked as { readonly prompt: ArrayLike<number> }).prompt.length === 0)
    throw new ConfigurationError({
      where: 'decoding',
      expected: 'a prompt of at least one token',
      got: 'none',
      fix: 'Pass the start token that the model was trained with, or the beginning of a text.',
    })
  return checked
}
