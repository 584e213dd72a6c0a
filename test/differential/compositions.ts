import {
  averagePool, bidirectional, branches, cell, convolution, dense, gated, gatedDeltaNet, gru, gruResetBefore, indRnn,
  lastAndMeanPool, layerNormLstm, linearAttention, lru, lstm, mamba2, maxPool, minGru, minLstm, mLstm, namedVariables,
  peepholeLstm, Random, residual, rgLru, rwkv7, sequence, sequential, sigmoid, sLstm, stack, tanh, tokens,
  transposedConvolution, upSample, type Backend, type Blueprint, type Sequential,
} from 'recurra'
import { Dice, drawEmbedding, layersOfSequences, layersToVectors, type Drawn } from './random-layers.ts'

/** A random model, and an input for it: [batch, time] tokens or [batch, time, features]. */
export interface Composition {
  readonly layers: readonly Blueprint[]
  readonly make: (backend: Backend) => Sequential
  readonly x: readonly (readonly (number | readonly number[])[])[]
}

const own = cell('own', { gates: ['a', 'b'], state: ['s'] }, ({ gate, prev }) => ({
  s: sigmoid(gate.a).mul(prev.s).add(tanh(gate.b).mul(0.5)),
}))
const cells = {
  gruResetBefore, indRnn, layerNormLstm, lru, minGru, minLstm, peepholeLstm, sLstm, rgLru, own,
} as unknown as Readonly<Record<string, (units: number, options?: object) => Blueprint>>
const matrices = { linearAttention, mLstm, gatedDeltaNet, rwkv7, mamba2 } as unknown as typeof cells

const drawn = (layer: object, size: number): Drawn => ({ layer: layer as Blueprint, size, spec: { kind: '' } })

/** Layers of the other script, and those that PyTorch 1.13 does not have. */
const choices: readonly ((dice: Dice, size: number) => Drawn)[] = [
  ...layersOfSequences,
  (dice) => {
    const units = dice.integer(1, 4)
    return drawn(cells[dice.of(Object.keys(cells))]!(units), units)
  },
  (dice) => {
    const units = 2 * dice.integer(1, 2)
    return drawn(matrices[dice.of(Object.keys(matrices))]!(units, { heads: dice.of([1, 2]) }), units)
  },
  (dice, size) => {
    const [pool, kernel, stride] = [dice.of([maxPool, averagePool]), dice.integer(1, 2), dice.integer(1, 2)]
    return drawn(pool({ kernel, stride }), size)
  },
  (dice, size) => drawn(upSample(dice.integer(2, 3)), size),
  (dice) => {
    const [size, stride] = [dice.integer(1, 3), dice.integer(1, 2)]
    return drawn(transposedConvolution(size, { kernel: 3, stride, padding: dice.of(['causal', 'same']) }), size)
  },
  (dice) => {
    const merge = dice.of(['concat', 'sum', 'product', 'mean', 'max', 'difference'] as const)
    return drawn(branches([[dense(3)], [gru(3)]], { merge }), merge === 'concat' ? 6 : 3)
  },
  () => drawn(gated([lstm(3)], [dense(3)]), 3),
  (_, size) => drawn(residual([gru(size), dense(size)]), size),
  () => drawn(stack(2, lstm(2)), 2),
  () => drawn(bidirectional((options) => minGru(3, options)), 6),
  (dice) => drawn(linearAttention(4, {
    heads: dice.of([1, 2]), decay: dice.of(['head', 'fixed', 'none']), positions: dice.of(['none', 'rotary']),
    ...(dice.chance(0.3) && { convolution: 2 }), ...(dice.chance(0.2) && { reverse: true }),
  }), 4),
  (dice) => {
    const [stride, padding] = [dice.integer(1, 2), dice.of(['valid', 'causal'] as const)]
    const [merge, kernel] = [dice.of(['concat', 'sum', 'product', 'min'] as const), dice.integer(1, 2)]
    const strided = (): Blueprint => convolution(2, { kernel, stride, padding })
    const lists = [[strided(), gru(2)], [lstm(2), strided()], [strided()]].slice(0, dice.integer(2, 3))
    return dice.chance(0.3) ? drawn(gated([strided()], [gru(2), strided()]), 2)
      : drawn(branches(lists, { merge }), merge === 'concat' ? 2 * lists.length : 2)
  },
  (dice) => {
    const times = dice.integer(2, 3)
    return drawn(branches([[upSample(times), gru(2)], [dense(2), upSample(times)]], { merge: 'mean' }), 2)
  },
]

const toVectors: typeof choices = [...layersToVectors, (_, size) => drawn(lastAndMeanPool(), 2 * size)]

/** Draws a model and its input. */
export const composition = (seed: number): Composition => {
  const dice = new Dice(new Random(seed))
  const [symbols, features] = [dice.chance(0.3) ? dice.integer(3, 6) : 0, dice.integer(1, 4)]
  const all: Drawn[] = symbols ? [drawEmbedding(dice)] : []
  const add = (choose: (dice: Dice, size: number) => Drawn): void =>
    void all.push(choose(dice, all.at(-1)?.size ?? features))
  for (let left = dice.integer(1, 4); left > 0; left--) add(dice.of(choices))
  if (dice.chance(0.4)) add(dice.of(toVectors))
  if (dice.chance(0.6)) add(() => drawn(dense(3), 3))
  const layers = all.map(({ layer }) => layer)
  const [batch, steps] = [dice.integer(1, 3), dice.integer(5, 9)]
  const one = (): number | number[] =>
    (symbols ? dice.integer(0, symbols - 1) : dice.list(features, () => dice.number(-2, 2)))
  const x = dice.list(batch, () => dice.list(steps, one))
  const values = new Random(seed + 1)
  return {
    layers, x,
    make: (backend) => {
      const input = symbols ? tokens(symbols) : sequence(features)
      const model = sequential(input, layers as never, { backend, seed }) as Sequential
      // A bias of 0 would hide one that is lost.
      for (const [path, { value }] of namedVariables(model.params))
        if (/bias|beta|mean/i.test(path))
          backend.write(value, Array.from({ length: backend.read(value).length }, () => values.normal() / 4))
      return model
    },
  }
}
