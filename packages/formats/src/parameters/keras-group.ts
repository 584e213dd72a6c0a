import type { NamedTensors } from '@recurra/tensor'

/** Weights that belong together. */
export interface Group {
  /** The path under which they stand in the file. */
  readonly path: readonly string[]
  /** By the last part of their names: `kernel`, or `forward/kernel` where there are two directions. */
  readonly parts: NamedTensors
  /** What was assumed of them, where no tensor tells. */
  readonly assumed?: string
  /** Whether its gates can only be sigmoids, since who wrote it has no others. */
  readonly sigmoid?: boolean
}
