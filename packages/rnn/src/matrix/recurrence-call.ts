import type { Backend } from '@recurra/backend'
import { Tape, viewOn, type CallShape, type Variable } from '@recurra/layers/authoring'
import { reshape, rows, sizeOf } from '@recurra/tensor'
import type { Chunks } from './chunk-decay.ts'
import { chunksOf } from './chunkwise.ts'
import type { Projections } from './projections.ts'
import type { RecurrenceFormulas } from './recurrence-formulas.ts'

/** The heads of a layer, and the matrix of each. */
export interface Sizes {
  readonly heads: number
  readonly keys: number
  readonly values: number
}

/** A built layer. */
export interface Built extends Projections {
  readonly backend: Backend
  readonly type: string
  readonly formulas: RecurrenceFormulas
  readonly sizes: Sizes
  /** Steps that are computed at once. */
  readonly chunk: number
}

/** A call that is planned: what all of its parts know. */
export interface RecurrenceCall {
  readonly layer: Built
  readonly callShape: CallShape
  readonly tape: Tape
  readonly chunks: Chunks
  /** The matrices: batch · heads. */
  readonly groups: number
}

/** Begins the plan of a call. */
export const recurrenceCall = (layer: Built, callShape: CallShape): RecurrenceCall => ({
  layer, callShape, tape: new Tape(layer.backend, callShape.mode), chunks: chunksOf(callShape.steps, layer.chunk),
  groups: callShape.batch * layer.sizes.heads,
})

/** Memory for each matrix at the steps of all chunks; those behind the last step of the call keep the `padding`. */
export const forChunks = (
  { tape, chunks, groups }: RecurrenceCall, shape: readonly number[], padding = 0,
): Variable => {
  const made = tape.variable(chunks.count * chunks.size, groups, ...shape)
  if (padding !== 0) tape.backend.write(made.value, new Float64Array(sizeOf(made.value.shape)).fill(padding))
  return made
}

/** The steps of the call, without those behind, in another shape. */
export const stepsOfCall = (
  { callShape: { steps } }: RecurrenceCall, of: Variable, shape: readonly number[],
): Variable => viewOn(of, (all) => reshape(rows(all, 0, steps), shape))
