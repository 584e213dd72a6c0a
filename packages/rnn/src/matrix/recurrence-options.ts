import { initializersOption, type Initializers } from '@recurra/layers/authoring'
import { ConfigurationError, expectCount, option, options } from '@recurra/tensor'
import { ranksOption, type Choices } from './chosen-spec.ts'
import type { Sizes } from './recurrence-call.ts'

/** Options of every recurrence with a matrix state, as plain data. */
export interface MatrixRecurrenceOptions {
  /** Heads, each with a matrix of its own: a divisor of the size. Default: 1. */
  readonly heads?: number
  /** The rows of the matrix of each head, the size of a key. Default: size / heads. */
  readonly keys?: number
  /**
   * Steps that are computed at once. The result does not depend on it, apart from rounding. Default: 16.
   */
  readonly chunk?: number
  /**
   * The steps of a causal convolution, by which the paper's block mixes queries, keys and values in time before they
   * meet the state (fla's and Mamba's conv_size and d_conv, 4 there). Its last inputs are part of the state. Only of
   * layers that have one: `gatedDeltaNet`, `mamba2` and `linearAttention`. Default: no convolution.
   */
  readonly convolution?: number
  /**
   * The ranks of projections by name: each is a product of two narrow matrices, `<projection>Down` [features, rank] and
   * `<projection>Up` [rank, width], in place of `<projection>Weight`. Only of layers whose papers have them: `decay`,
   * `rate`, `gate` and `first` of `rwkv7`, and `decay` of `linearAttention`. Default: a matrix for each.
   */
  readonly ranks?: { readonly [projection: string]: number }
  /** Whether to read the sequence from its end to its beginning, as `bidirectional` asks. Default: false. */
  readonly reverse?: boolean
  /**
   * The initializers of the parameters by name: `<projection>Weight` [features, width], `<projection>Bias` [width]
   * where there is one, `<projection>Kernel` [steps, width] and `<projection>KernelBias` [width] of a convolution, and
   * the others of the recurrence. Default: uniform in ±1/√features for weights, in ±1/√steps for kernels, and what the
   * paper has for the others.
   */
  readonly initializers?: Initializers
}

/** How these options are checked. */
export const recurrenceKinds: option.Kinds<MatrixRecurrenceOptions, never> = {
  heads: option.count(), keys: option.count(), chunk: option.count(), convolution: option.count(), ranks: ranksOption,
  reverse: option.flag(), initializers: initializersOption,
}

/**
 * Checks the size and the options of a layer.
 * @throws `ConfigurationError` if the size is not a positive integer, the heads do not divide it, or an option is
 * unknown or invalid.
 */
export const sizesOf = (
  type: string, size: number, given: MatrixRecurrenceOptions,
): Sizes & Choices & {
  readonly chunk: number
  readonly reverse: boolean
  readonly initializers: Initializers
} => {
  expectCount(size, `the size of ${type}`)
  const checked = options(type, given, {
    ...recurrenceKinds, heads: option.count(1), chunk: option.count(16), reverse: option.flag(false),
  })
  const { heads, keys = size / heads, chunk, convolution, ranks = {}, reverse, initializers = {} } = checked
  if (size % heads === 0) return { heads, keys, values: size / heads, chunk, convolution, ranks, reverse, initializers }
  throw new ConfigurationError({
    where: type, expected: `heads that divide the size, ${size}`, got: String(heads),
    fix: 'Every head has as many columns.',
  })
}
