import type { Expression } from '@recurra/formula'
import type { Initializer } from '@recurra/layers'

/**
 * How many values a projection has for each head: one per row of its matrix (`key`; `sharedKey` is the same for all
 * heads), one per column (`value`), or a single one (`head`).
 */
export type Per = 'key' | 'sharedKey' | 'value' | 'head'

/**
 * How many values a parameter has: those of `key` and `value` are the same for all heads, those of `headKey` and
 * `headValue` are not.
 */
export type ParamPer = 'head' | 'key' | 'value' | 'headKey' | 'headValue'

type Named<N extends string> = { readonly [name in N]: Expression }

/** The values that the formulas of a matrix recurrence read. */
export interface RecurrenceScope<X extends string, P extends string> {
  /** The projections of the input, x·W, or x·W + b. */
  readonly x: Named<X>
  /** The other learned parameters. */
  readonly param: Named<P>
}

/** The values per head that a stabilized recurrence adds to those of `head`. */
export type Stabilized = 'decay' | 'input' | 'floor'

/** The same, with the values per head. */
export interface HeadScope<X extends string, P extends string, H extends string> extends RecurrenceScope<X, P> {
  /** The values that `head` returns, and the gates of a stabilized recurrence. */
  readonly head: Named<H | Stabilized>
}

/** The rows of a step, which each recurrence gives. */
export interface KeyFormulas {
  /** q, which reads the state after the step: y = S'q. */
  readonly query: Expression
  /** k, which is written together with the value. */
  readonly key: Expression
  /** w for each row, from 0 to 1. Default: the `decay` that `head` gives. */
  readonly decay?: Expression
  /** a, which reads the state before the step for a correction. Default: no correction. */
  readonly read?: Expression
  /** b, which writes the correction. Default: the key. */
  readonly write?: Expression
  /** What `output` reads as `score`, summed over the keys, e.g. the query times the step's own key. Default: 0. */
  readonly score?: Expression
}

/** How a projection is convolved, where the option `convolution` is given. */
export interface Convolved {
  /** Applied to each value after the convolution. Default: nothing. */
  readonly activation?: (x: Expression) => Expression
  /** Whether the convolution adds a bias per value. Default: false. */
  readonly bias?: boolean
}

/** A projection that may be a product of two narrow matrices, where the option `ranks` names it. */
export interface LowRank {
  /** Applied between the two. Default: nothing. */
  readonly activation?: (x: Expression) => Expression
  /** Applied after a single matrix, where there are not two. Default: nothing. */
  readonly otherwise?: (x: Expression) => Expression
}

/** A recurrence with a matrix state, described once. */
export interface MatrixRecurrenceSpec<X extends string, P extends string, H extends string> {
  /** The projections of the input by name, and how many values each has. */
  readonly projections: { readonly [name in X]: Per }
  /** Those that have a bias, with its initializer. Default: none. */
  readonly biases?: { readonly [name in X]?: Initializer }
  /**
   * Whether each projection reads its own mix of the input and the previous one, x_t + (x_{t-1} - x_t) ⊙ μ, with μ its
   * parameter `<projection>Mix` [features]. The previous input is the slot `x` of the state. Default: false.
   */
  readonly shifted?: boolean
  /** Projections that read the mix of another one: `{ gate: 'value' }`. Default: each its own. */
  readonly mixedAs?: { readonly [name in NoInfer<X>]?: NoInfer<X> }
  /**
   * Whether the values of the first such layer are passed on to later ones of a model: `'give'` passes them on, if no
   * layer has done so before, and `'read'` lets formulas of the values read them as `earlier`. Default: neither.
   */
  readonly values?: 'give' | 'read'
  /**
   * The projections that a causal convolution over a few steps mixes in time, each value on its own, where the layer
   * has the option `convolution`. Its parameter is `<projection>Kernel` [steps, width], and its last inputs are the
   * slot `<projection>` [batch, steps - 1, width] of the state. Default: none.
   */
  readonly convolved?: { readonly [name in X]?: Convolved }
  /**
   * The projections that may have a low rank: x·D, activated, times U. Where the option `ranks` names one, its
   * parameters are `<projection>Down` [features, rank] and `<projection>Up` [rank, width] in place of
   * `<projection>Weight`. Default: none.
   */
  readonly lowRank?: { readonly [name in X]?: LowRank }
  /** Other learned parameters: how many values each has, and its initializer. Default: nothing. */
  readonly params?: { readonly [name in P]: readonly [per: ParamPer, initializer: Initializer] }
  /** Numbers of a head: `decay`, and others that the formulas below read. Default: none. */
  readonly head?: (scope: RecurrenceScope<NoInfer<X>, NoInfer<P>>) => Named<H>
  /**
   * The logarithms of a decay and of an input gate that may exceed 1, as exponential gates have them: both are divided
   * by the largest so far, which is the slot `m` of the state (Beck et al. 2024). The formulas below then read
   * `head.decay`, `head.input`, and `head.floor`, the 1 that all is divided by. Default: no such gates.
   */
  readonly stabilized?: (scope: RecurrenceScope<NoInfer<X>, NoInfer<P>>) => {
    /** log f, by which the state decays. */
    readonly logDecay: Expression
    /** log i, by which the step is written. */
    readonly logInput: Expression
  }
  /** Whether the matrix has one more column for the sum of the keys, which `output` reads as `norm`. Default: false. */
  readonly normalized?: boolean
  /**
   * Whether the state turns at each step, before it decays: rows i and i + keys / 2 are a pair, which turns by
   * -10,000^(-2i / keys). To the rows of a step, that is rotary position embedding (Su et al. 2021), and it needs a
   * decay per head and an even number of keys. Default: false.
   */
  readonly rotary?: boolean
  /** Query and key, decays, and a correction. */
  readonly key: (scope: HeadScope<NoInfer<X>, NoInfer<P>, NoInfer<H>> & {
    /** The number of keys. */
    readonly keys: number
  }) => KeyFormulas
  /** v. */
  readonly value: (scope: HeadScope<NoInfer<X>, NoInfer<P>, NoInfer<H>> & {
    /** The value of the first such layer, with `values: 'read'`. */
    readonly earlier: Expression
  }) => Expression
  /** The output of a head, from what is read of the state, y. Default: y. */
  readonly output?: (scope: HeadScope<NoInfer<X>, NoInfer<P>, NoInfer<H>> & {
    /** What the query read. */
    readonly y: Expression
    /** What was written. */
    readonly value: Expression
    /** The sum of the keys, as the query reads it. */
    readonly norm: Expression
    /** The sum of the `score` that `key` gives. */
    readonly score: Expression
  }) => Expression
}
