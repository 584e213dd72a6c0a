import { leaves, wireFor, type Layer } from '@recurra/layers'
import type { Random } from '@recurra/tensor'

/** One sequence with all that flows into it: forward x and the initial state, backward the gradients of y and of the final state. */
export interface Sample {
  /** Its steps. */
  readonly length: number
  /** [length, features], tokens [length], or for a layer that reads a vector [features]. */
  readonly x: readonly number[]
  /** By slot: [units]. */
  readonly initial: readonly (readonly number[])[]
  /** [steps of y, features] */
  readonly dy: readonly number[]
  /** By slot: [units]. */
  readonly dFinal: readonly (readonly number[])[]
}

/** Draws a sequence of a length; x lies within ±scale. At scale 1 float32 holds all numbers exactly. */
export const sampleOf = (layer: Layer, length: number, random: Random, scale = 1): Sample => {
  const draw = (size: number, reach = 1): number[] => Array.from({ length: size }, () => reach * Math.fround(random.uniform(-1, 1)))
  const frame = layer.plan(wireFor(layer, { steps: length, batch: 1 }), { steps: length, batch: 1, mode: 'inference' })
  const sizes = leaves(frame.initial).map(([, { value }]) => value.shape.at(-1)!)
  const { kind, size } = layer.in
  const { shape } = frame.y.value
  return {
    length,
    x: kind === 'tokens' ? Array.from({ length }, () => random.integer(size)) : draw(kind === 'vector' ? size : length * size, scale),
    initial: sizes.map((units) => draw(units)),
    dy: draw(shape.length === 3 ? shape[0]! * shape[2]! : shape[1]!),
    dFinal: sizes.map((units) => draw(units)),
  }
}
