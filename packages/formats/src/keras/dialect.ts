import type { ActivationName, FeaturesActivationName, Merge } from '@recurra/layers'

/** A program that has the layers of Keras: what it lacks, and what it calls by another name. */
export interface Dialect {
  /** The function that writes its files, for errors. */
  readonly exporter: string
  readonly program: string
  /** Its functions without options, by our names. */
  readonly functions: { readonly [name in ActivationName | FeaturesActivationName]?: string }
  /** Its layers that merge others. */
  readonly merges: { readonly [merge in Merge]?: string }
  /** The attribute of `LeakyReLU`. */
  readonly negativeSlope: string
  /** Whether `ELU` may have another `alpha` than 1. */
  readonly eluAlpha: boolean
  /** Whether layers without support for masks leave them out; else they fail. */
  readonly dropsMasks: boolean
  /** Our layers that only other dialects have. */
  readonly lacks: readonly string[]
  /** The paddings of a convolution. */
  readonly paddings: readonly string[]
  /** Whether a convolution may have several groups. */
  readonly groups: boolean
}
