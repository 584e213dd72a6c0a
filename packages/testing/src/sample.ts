import {
  Lengths, namedVariables, sourceFor, wireFor, type CallShape, type Layer, type Signal, type Source,
} from '@recurra/layers/authoring'
import { sizeOf, type Random } from '@recurra/tensor'

/**
 * One sequence with all its inputs: x and the initial state for the forward pass, the gradients of y and of the final
 * state for the backward pass.
 */
export interface Sample {
  /** The number of steps. */
  readonly length: number
  /** [length, features]; tokens [length]; or [features] for a layer that reads a vector. */
  readonly x: readonly number[]
  /** For a layer with a source: like x, but with its own length; else empty. */
  readonly source: readonly number[]
  /** By slot: [units], or all values of a slot with several axes. */
  readonly initial: readonly (readonly number[])[]
  /** [steps of y, features] */
  readonly dy: readonly number[]
  /** By slot, like `initial`. */
  readonly dFinal: readonly (readonly number[])[]
}

/** The length of the longest source drawn. */
const longestSource = 3

/** The length of the source of a sequence: longer or shorter than the sequence itself. */
const sourceLength = (length: number): number => 1 + (length % longestSource)

/**
 * Draws a sequence of a length; x and its source are within ±scale. At scale 1, float32 represents all numbers exactly.
 */
export const sampleOf = (layer: Layer, length: number, random: Random, scale = 1): Sample => {
  const draw = (size: number, reach = 1): number[] =>
    Array.from({ length: size }, () => reach * Math.fround(random.uniform(-1, 1)))
  const read = ({ kind, size }: Signal, steps: number): number[] =>
    kind === 'tokens'
      ? Array.from({ length: steps }, () => random.integer(size))
      : draw(kind === 'vector' ? size : steps * size, scale)
  const { y, slots } = sizesOf(layer, length)
  return {
    length,
    x: read(layer.in, length),
    source: layer.source ? read(layer.source, sourceLength(length)) : [],
    initial: slots.map((units) => draw(units)),
    dy: draw(y),
    dFinal: slots.map((units) => draw(units)),
  }
}

/** How many values a sequence has: in the output, and in each slot of the state. */
interface Sizes {
  readonly y: number
  readonly slots: readonly number[]
}

const known = new WeakMap<Layer, Map<number, Sizes>>()

/** They are those of a planned call: one for all sequences of a length. */
const sizesOf = (layer: Layer, length: number): Sizes => {
  const ofLayer = known.get(layer) ?? new Map<number, Sizes>()
  known.set(layer, ofLayer)
  const before = ofLayer.get(length)
  if (before) return before
  const callShape: CallShape = { steps: length, batch: 1, mode: 'inference' }
  const source = sourceFor(layer, { ...callShape, steps: sourceLength(length) })
  const frame = layer.plan(wireFor(layer, callShape), { ...callShape, ...(source && { source }) })
  const { shape } = frame.y.value
  const sizes = {
    y: shape.length === 3 ? shape[0]! * shape[2]! : shape[1]!,
    slots: namedVariables(frame.initial).map(([, { value }]) => sizeOf(value.shape)),
  }
  ofLayer.set(length, sizes)
  return sizes
}

/** The number of input steps of a sample. */
export const stepsOf = (values: readonly number[], { kind, size }: Signal): number =>
  kind === 'tokens' ? values.length : values.length / size

/** Memory for the sources of samples; if they are padded, for other sources of any length. */
export const sourceOf = (
  layer: Layer,
  samples: readonly Sample[],
  padded: boolean,
  mode: CallShape['mode'],
): Source | undefined => {
  if (!layer.source) return undefined
  const { backend, source } = layer
  const size = {
    steps: padded ? longestSource : Math.max(...samples.map((sample) => stepsOf(sample.source, source))),
    batch: samples.length,
  }
  const lengths = padded && source.kind !== 'vector' ? new Lengths(backend, size.steps, size.batch) : undefined
  return sourceFor(layer, { ...size, mode, ...(lengths && { lengths }) }, mode === 'training')
}
