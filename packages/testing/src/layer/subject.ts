import type { Backend } from '@recurra/backend'
import { namedVariables, sequence, tokens, vector, type Blueprint, type Layer, type Signal } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import { sampleOf, type Sample } from '../sample.ts'

/** A kind of layer, for a size: `lstm` itself, or `() => activation('tanh')` where the size is that of the input. */
export type Make = (size: number) => Blueprint

/** What the suite has to know about a kind of layer. */
export interface LayerSuiteOptions {
  /** What the layer reads. Default: `'sequence'`. */
  readonly input?: Signal['kind']
  /** How many features or symbols the layer reads where the size does not matter. Default: 2. */
  readonly features?: number
  /**
   * The layer draws random numbers in training: what it gives depends on the place in the batch and on the draw.
   * Default: false.
   */
  readonly draws?: boolean
  /** Magnitudes of the input at which everything has to stay finite. Default: `[1e4, 1e300]`. */
  readonly extremes?: readonly number[]
  /** Backends to hold against JavaScript in float64. Default: no others. */
  readonly backends?: Readonly<Record<string, () => Backend>>
  /** Same seed, same numbers; another one where a kink lies within a difference. Default: 1. */
  readonly seed?: number
}

/** A kind of layer under test, on one backend. */
export interface Subject {
  readonly make: Make
  readonly backend: () => Backend
  readonly input: Signal['kind']
  readonly features: number
  readonly draws: boolean
  readonly extremes: readonly number[]
  readonly seed: number
}

export interface Built {
  readonly layer: Layer
  /** The generator of the layer. */
  readonly random: Random
  /** Samples of these lengths, always the same ones. */
  readonly samples: (lengths: readonly number[], scale?: number) => Sample[]
}

const signals = { sequence, tokens, vector }

/** A layer whose parameters are all away from 0 and 1, where faults would hide; float32 holds them exactly. */
export const build = (
  { make, backend, input, seed, features: usual }: Subject,
  { features = usual, size = 3 }: { features?: number; size?: number } = {},
): Built => {
  const random = new Random(seed)
  const layer = make(size).build(signals[input](features), { backend: backend(), random })
  const shifts = new Random(seed + 1)
  for (const [, { value }] of namedVariables(layer.params))
    layer.backend.write(
      value,
      Float32Array.from(layer.backend.read(value), (number) => number + shifts.uniform(-0.25, 0.25)),
    )
  return {
    layer,
    random,
    samples: (lengths, scale) => {
      const drawing = new Random(seed + 2)
      return lengths.map((length) => sampleOf(layer, length, drawing, scale))
    },
  }
}

/** A vector has no time, so its samples have no lengths. */
export const hasTime = ({ input }: Subject): boolean => input !== 'vector'
