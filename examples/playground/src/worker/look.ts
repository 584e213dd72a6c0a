/** A table of numbers, row by row. */
export interface Grid {
  readonly values: Float32Array
  readonly rows: number
  readonly columns: number
}

/** What one recurrent layer did while the network read the probe; each grid is [time, units]. */
export interface LayerLook {
  readonly name: string
  /** What it read at each step: the source, where it is in the encoder. */
  readonly columns: readonly string[]
  readonly state: Grid
  readonly gates: readonly { readonly name: string; readonly grid: Grid }[]
  /** The length of the gradient of the last step's loss, where it arrives. */
  readonly gradientNorms: readonly number[]
}

/** What the network looks like from inside, and what it says. */
export interface Look {
  /** What it read at each step. */
  readonly columns: readonly string[]
  /** What was wanted, and what it said: at each step, or once. */
  readonly target: readonly string[]
  readonly predicted: readonly string[]
  readonly layers: readonly LayerLook[]
  /** A text that it wrote. */
  readonly sample?: string
  /** A wave: how it was, and how the network continues with it from a step on. */
  readonly wave?: { readonly truth: readonly number[]; readonly told: readonly number[]; readonly from: number }
  /** How much it looks at each letter of a source while it says each of its own. */
  readonly attention?: { readonly grid: Grid; readonly rows: readonly string[]; readonly columns: readonly string[] }
}
