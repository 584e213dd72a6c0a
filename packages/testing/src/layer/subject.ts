import { javascript, type Backend } from '@recurra/backend'
import { namedVariables, sequence, tokens, vector, type Blueprint, type Layer, type Signal } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import type { MakeBackend } from '../backend/checks.ts'
import { sampleOf, type Sample } from '../sample.ts'

/** A kind of layer, for a size: `lstm` itself, or `() => activation('tanh')` if the size is the input's. */
export type Make = (size: number) => Blueprint

/** Options of `describeLayer`. */
export interface LayerSuiteOptions {
  /** The input of the layer. Default: `'sequence'`. */
  readonly input?: Signal['kind']
  /** The number of input features or symbols, where the size does not matter. Default: 2. */
  readonly features?: number
  /**
   * Whether the layer draws random numbers in training: its output then depends on the position in the batch and on the
   * draw. Default: false.
   */
  readonly draws?: boolean
  /**
   * Whether training couples the sequences of a batch, as batch normalization does: one gives other results alone.
   * Default: false.
   */
  readonly couples?: boolean
  /** The number of steps of a long sequence; fewer where the cost grows with its square. Default: 2000. */
  readonly longest?: number
  /** Magnitudes of the input at which everything must stay finite. Default: `[1e4, 1e300]`. */
  readonly extremes?: readonly number[]
  /** Backends to compare with JavaScript in float64. Default: no others. */
  readonly backends?: Readonly<Record<string, MakeBackend>>
  /** Same seed, same numbers; choose another one if a kink lies within a difference. Default: 1. */
  readonly seed?: number
}

/** A kind of layer under test, on one backend. */
export interface Subject {
  readonly make: Make
  readonly backend: () => Backend
  readonly input: Signal['kind']
  readonly features: number
  readonly draws: boolean
  readonly couples: boolean
  readonly longest: number
  readonly extremes: readonly number[]
  readonly seed: number
}

export interface Built {
  readonly layer: Layer
  /** The generator of the layer. */
  readonly random: Random
  /** Samples of these lengths, the same every time. */
  readonly samples: (lengths: readonly number[], scale?: number) => Sample[]
}

const signals = { sequence, tokens, vector }

/** A layer whose parameters are away from 0 and 1, where errors would hide; float32 represents them exactly. */
export const build = (
  { make, backend, input, seed, features: usual }: Subject,
  { features = usual, size = 3 }: { features?: number; size?: number } = {},
): Built => {
  const random = new Random(seed)
  const layer = make(size).build(signals[input](features), { backend: backend(), random })
  const shifts = new Random(seed + 1)
  const readable = layer.backend.answersLater // the same seed draws the same parameters
    ? make(size).build(signals[input](features), { backend: javascript(), random: new Random(seed) })
    : layer
  const drawn = new Map(namedVariables(readable.params))
  for (const [name, { value }] of namedVariables(layer.params)) {
    const values = new Float32Array(readable.backend.read(drawn.get(name)!.value))
    for (let i = 0; i < values.length; i++) values[i]! += shifts.uniform(-0.25, 0.25)
    layer.backend.write(value, values)
  }
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
