import { namedVariables, sourceFor, wireFor, type CallShape, type Layer, type Signal } from '@recurra/layers'
import { sizeOf, type Random } from '@recurra/tensor'

/**
 * One sequence with all that flows into it: forward x and the initial state, backward the gradients of y and of the
 * final state.
 */
export interface Sample {
  /** Its steps. */
  readonly length: number
  /** [length, features], tokens [length], or for a layer that reads a vector [features]. */
  readonly x: readonly number[]
  /** For a layer with a source, laid out as x but of a length of its own; else empty. */
  readonly source: readonly number[]
  /** By slot: [units], or all values of a slot with more axes. */
  readonly initial: readonly (readonly number[])[]
  /** [steps of y, features] */
  readonly dy: readonly number[]
  /** By slot, as `initial`. */
  readonly dFinal: readonly (readonly number[])[]
}

/** The steps of the longest source that is drawn. */
export const longestSource = 3

/** How long the source of a sequence is: more or less than the sequence itself. */
const sourceLength = (length: number): number => 1 + (length % longestSource)

/** Draws a sequence of a length; x and its source lie within ±scale. At scale 1 float32 holds all numbers exactly. */
export const sampleOf = (layer: Layer, length: number, random: Random, scale = 1): Sample => {
  const draw = (size: number, reach = 1): number[] =>
    Array.from({ length: size }, () => reach * Math.fround(random.uniform(-1, 1)))
  const read = ({ kind, size }: Signal, steps: number): number[] =>
    kind === 'tokens'
      ? Array.from({ length: steps }, () => random.integer(size))
      : draw(kind === 'vector' ? size : steps * size, scale)
  const callShape: CallShape = { steps: length, batch: 1, mode: 'inference' }
  const source = sourceFor(layer, { ...callShape, steps: sourceLength(length) })
  const frame = layer.plan(wireFor(layer, callShape), { ...callShape, ...(source && { source }) })
  const sizes = namedVariables(frame.initial).map(([, { value }]) => sizeOf(value.shape))
  const { shape } = frame.y.value
  return {
    length,
    x: read(layer.in, length),
    source: layer.source ? read(layer.source, sourceLength(length)) : [],
    initial: sizes.map((units) => draw(units)),
    dy: draw(shape.length === 3 ? shape[0]! * shape[2]! : shape[1]!),
    dFinal: sizes.map((units) => draw(units)),
  }
}
