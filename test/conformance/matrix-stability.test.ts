import { javascript, webassembly, type Backend } from '@recurra/backend'
import { namedVariables, sequence, wireFor, type Blueprint, type CallShape } from '@recurra/layers'
import { gatedDeltaNet, linearAttention, mamba2, mLstm, rwkv7 } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'

const options = { heads: 2, keys: 4 }
const layers: { readonly [name: string]: () => Blueprint } = {
  'linearAttention, a decay per key': () => linearAttention(8, options),
  'linearAttention, a decay per head': () => linearAttention(8, { ...options, decay: 'head' }),
  mLstm: () => mLstm(8, options),
  mamba2: () => mamba2(8, options),
  gatedDeltaNet: () => gatedDeltaNet(8, options),
  rwkv7: () => rwkv7(8, options),
  retention: () => linearAttention(8, { ...options, decay: 'fixed', positions: 'rotary' }),
  'linearAttention with rotary positions': () =>
    linearAttention(8, { ...options, decay: 'head', positions: 'rotary' }),
  'linearAttention behind convolutions, of a low rank': () =>
    linearAttention(8, { ...options, convolution: 4, ranks: { decay: 2 } }),
  'mamba2 behind convolutions': () => mamba2(8, { ...options, convolution: 4 }),
  'gatedDeltaNet behind convolutions': () => gatedDeltaNet(8, { ...options, convolution: 4 }),
  'rwkv7 of low ranks': () => rwkv7(8, { ...options, ranks: { decay: 2, rate: 1, gate: 3 } }),
  'mLstm, normed': () => mLstm(8, { ...options, norm: true }),
}
const callShape: CallShape = { steps: 4096, batch: 1, mode: 'training' }

/** Outputs and gradients after many steps. */
const run = (
  make: () => Blueprint, backend: Backend, gates: number,
): { readonly [name: string]: readonly number[] } => {
  const layer = make().build(sequence(3), { backend, random: new Random(1) })
  const params = namedVariables(layer.params)
  // Biases of gates this large: each keeps or forgets all, lets all in or nothing.
  for (const [name, { value }] of params)
    if (/^(decay|input|forget|step|strength|rate)Bias$/.test(name))
      backend.write(value, Array.from(backend.read(value), (_, i) => (i % 2 === 0 ? gates : -gates)))
  const random = new Random(2)
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform(-1, 1))
  const x = wireFor(layer, callShape, true)
  backend.write(x.value, draw(callShape.steps * 3))
  const frame = layer.plan(x, callShape)
  frame.forward()
  backend.write(frame.y.grad, draw(callShape.steps * 8))
  frame.backward()
  return {
    y: [...backend.read(frame.y.value)], dx: [...backend.read(x.grad)],
    ...Object.fromEntries(params.map(([name, { grad }]) => [`d.${name}`, [...backend.read(grad)]])),
  }
}

const size = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

/** The error that all values but one in fifty keep below. */
const error = (a: readonly number[], b: readonly number[]): number => {
  const errors = a.map((x, i) => Math.abs(x - b[i]!)).sort((one, other) => one - other)
  return errors[Math.ceil(errors.length * 0.98) - 1]!
}

describe.each(Object.entries(layers))('%s at 4,096 steps in float32', (layer, make) => {
  it.each([0, 1000])('with gates of ±%i', (gates) => {
    const exact = run(make, javascript({ dtype: 'float64' }), gates)
    const single = run(make, webassembly(), gates)
    // An mLSTM whose input gates are open divides by n'q, and a head that keeps nothing is normed by q'k: near 0 their
    // gradients have a pole. Queries and keys that turn are rounded once more, which shows there.
    const compared = /^mLstm|rotary/.test(layer) && gates > 0 ? ['y'] : Object.keys(single)
    for (const [name, values] of Object.entries(single)) expect(values.every(Number.isFinite), name).toBe(true)
    for (const name of compared)
      expect(error(single[name]!, exact[name]!), name).toBeLessThan(1e-4 * size(exact[name]!) + 1e-12)
  })
})
