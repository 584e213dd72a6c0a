import {
  activation, batchNorm, bidirectional, convolution, dense, embedding, gru, last, layerNorm, lstm, meanPool,
  multiHeadAttention, residual, rmsNorm, rnn, type ActivationName, type Blueprint,
} from 'recurra'
import type { Random } from '@recurra/tensor'

/** A layer for both: the blueprint of ours, and what `train.py` reads. */
export interface Drawn {
  readonly layer: Blueprint
  readonly spec: { readonly kind: string; readonly [option: string]: unknown }
  /** The size of its output. */
  readonly size: number
}

/** Draws choices of a case. */
export class Dice {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + this.#random.integer(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.#random.integer(choices.length)]!
  }

  /** With few digits, so that both read the same number. */
  number(least: number, most: number): number {
    return Math.round((least + this.#random.uniform() * (most - least)) * 1000) / 1000
  }

  list<T>(length: number, one: () => T): T[] {
    return Array.from({ length }, one)
  }
}

const functions = [
  'relu', 'tanh', 'sigmoid', 'gelu', 'elu', 'softplus', 'silu', 'leakyRelu', 'softsign', 'selu', 'hardSwish', 'mish',
] as const satisfies readonly ActivationName[]

/** A recurrent layer in one direction or both, over one size of units. */
const recurrent = (dice: Dice): Drawn => {
  const kind = dice.of(['lstm', 'gru', 'rnn'] as const)
  const units = dice.integer(1, 4)
  const [both, backwards] = dice.of([[true, false], [false, true], [false, false], [false, false]] as const)
  const projection = kind === 'lstm' && units > 1 && dice.chance(0.3) ? dice.integer(1, units - 1) : 0
  const nonlinearity = kind === 'rnn' ? dice.of(['tanh', 'relu'] as const) : 'tanh'
  const make = (options: object): Blueprint => {
    const given = { ...options, biases: 2 } as const
    if (kind === 'gru') return gru(units, given) as Blueprint
    if (kind === 'rnn') return rnn(units, { ...given, activation: nonlinearity }) as Blueprint
    return lstm(units, { ...given, ...(projection && { projection }) }) as Blueprint
  }
  const layer = both ? bidirectional(make as never) : make({ reverse: backwards })
  const size = (projection || units) * (both ? 2 : 1)
  return { layer: layer as Blueprint, spec: { kind, units, both, backwards, projection, nonlinearity }, size }
}

/** Layers that read and write a sequence. */
export const layersOfSequences: readonly ((dice: Dice, size: number) => Drawn)[] = [
  recurrent,
  recurrent,
  (dice) => {
    const [size, bias] = [dice.integer(1, 5), dice.chance(0.8)]
    return { layer: dense(size, { bias }) as Blueprint, spec: { kind: 'dense', bias }, size }
  },
  (dice, size) => {
    const name = dice.of(functions)
    return { layer: activation(name) as Blueprint, spec: { kind: 'activation', name }, size }
  },
  // A norm of one feature is 0, and its gradient rounding alone.
  (dice, size) => (size > 1 ? { layer: layerNorm() as Blueprint, spec: { kind: 'layerNorm' }, size } : recurrent(dice)),
  (_, size) => ({ layer: rmsNorm({ epsilon: 1e-6 }) as Blueprint, spec: { kind: 'rmsNorm', epsilon: 1e-6 }, size }),
  (dice, size) => {
    const momentum = dice.of([0.1, 0.3])
    return { layer: batchNorm({ momentum }) as Blueprint, spec: { kind: 'batchNorm', momentum }, size }
  },
  (dice, features) => {
    const [kernel, dilation, stride] = [dice.integer(1, 3), dice.integer(1, 2), dice.of([1, 1, 1, 2])]
    const padding = stride > 1 ? 'causal' : dice.of(['causal', 'same'] as const)
    const groups = dice.of([1, features])
    const size = groups * dice.integer(1, 2)
    const layer = convolution(size, { kernel, dilation, stride, padding, groups }) as Blueprint
    return { layer, spec: { kind: 'convolution', kernel, dilation, stride, padding, groups }, size }
  },
  (dice, size) => {
    const [heads, causal] = [size % 2 === 0 ? dice.of([1, 2]) : 1, dice.chance(0.5)]
    const layer = multiHeadAttention(heads, { over: causal ? 'causal' : 'self' }) as Blueprint
    return { layer, spec: { kind: 'attention', heads, causal }, size }
  },
  (_, size) => ({
    layer: residual([dense(size), activation('tanh')]) as Blueprint, spec: { kind: 'residual' }, size,
  }),
]

/** Layers with one output per sequence. */
export const layersToVectors: readonly ((dice: Dice, size: number) => Drawn)[] = [
  (_, size) => ({ layer: last() as Blueprint, spec: { kind: 'last' }, size }),
  (_, size) => ({ layer: meanPool() as Blueprint, spec: { kind: 'meanPool' }, size }),
]

export const drawEmbedding = (dice: Dice): Drawn => {
  const size = dice.integer(2, 4)
  return { layer: embedding(size) as Blueprint, spec: { kind: 'embedding' }, size }
}
