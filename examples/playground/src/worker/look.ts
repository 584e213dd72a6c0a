import type { Side } from '../network/network.ts'

/** A table of numbers, row by row. */
export interface Grid {
  readonly values: Float32Array
  readonly rows: number
  readonly columns: number
}

/** Where a recurrent layer is in the builder, and which direction of a bidirectional one it is. */
export interface LayerPlace {
  readonly side: Side
  readonly at: number
  readonly direction?: 'forward' | 'backward'
}

/** What one recurrent layer did while the network read the probe; each grid is [time, units]. */
export interface LayerLook {
  readonly place: LayerPlace
  readonly type: string
  /** What it read at each step: the source, where it is in the encoder. */
  readonly columns: readonly string[]
  readonly state: Grid
  /** The state after each step, where it is a matrix; `state` then has the length of each of its rows. */
  readonly matrices?: readonly Grid[]
  readonly gates: readonly { readonly name: string; readonly grid: Grid }[]
  /** The norm of the gradient of the last step's loss at each step. */
  readonly gradientNorms: readonly number[]
}

/** What the network looks like from inside, and what it predicts. */
export interface Look {
  /** What it read at each step. */
  readonly columns: readonly string[]
  /** The same in a picture, where numbers are written out. */
  readonly inputs: readonly string[]
  /** The source, where there is one. */
  readonly heard: readonly string[]
  /** The targets and the predictions: at each step, or once. */
  readonly target: readonly string[]
  readonly predicted: readonly string[]
  readonly layers: readonly LayerLook[]
  /** The sequence as a picture, where it is one. */
  readonly image?: Grid
  /** A text that it wrote. */
  readonly sample?: string
  /** A wave as it is, and as the network continues it from a step on. */
  readonly wave?: { readonly truth: readonly number[]; readonly told: readonly number[]; readonly from: number }
  /** The attention weights: a row for each step of the answer, a column for each step of the source. */
  readonly attention?: { readonly grid: Grid; readonly rows: readonly string[]; readonly columns: readonly string[] }
}

/** Loss and accuracy on the training data and on the held-out data, without dropout. */
export interface Measure {
  readonly step: number
  readonly train: Measured
  readonly heldOut: Measured
}

/** The accuracy is missing where answers are numbers. */
export interface Measured {
  readonly loss: number
  readonly accuracy?: number
}

/** A place where the units of a pattern are active together. */
export interface Match {
  readonly columns: readonly string[]
  /** The steps of `columns` that match. */
  readonly from: number
  readonly to: number
  /** The fraction of the units that are active all along, from 0 to 1. */
  readonly score: number
}
