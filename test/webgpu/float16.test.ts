import { javascript, type Backend } from '@recurra/backend'
import { namedVariables } from '@recurra/layers/authoring'
import {
  NotFiniteError, convolution, dense, embedding, fit, lstm, meanSquaredError, predict, rnn, sequences, sequential,
  stack, tokens, type Layer,
} from 'recurra'
import { deviceUse, webgpu } from 'recurra/webgpu'
import { beforeAll, expect, it } from 'vitest'
import { describeOnGpu } from './adapter.ts'

/** The nearest float16 number, of those that are not denormal. */
const rounded = (value: number): number => {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10)
  return Math.round(value / unit) * unit
}

/** All weights that products read: as float16 they are the same. */
const roundWeights = (model: Layer): void => {
  const { backend, params } = model
  for (const [, { value }] of namedVariables(params))
    backend.write(value, Array.from(backend.read(value), (one) => (Math.abs(one) < 1e-4 ? 0 : rounded(one))))
}

const x = Array.from({ length: 3 }, (_, b) => Array.from({ length: 7 }, (_, t) => [Math.sin(b + t), Math.cos(b * t)]))
const make = (backend: Backend) =>
  sequential(2, [convolution(5, { kernel: 3, padding: 'causal' }), stack(2, lstm(9)), dense(3)], { backend, seed: 3 })

describeOnGpu('webgpu with float16 weights', () => {
  let [half, single]: Backend[] = []
  beforeAll(async () => {
    ;[half, single] = [await webgpu({ weights: 'float16' }), await webgpu()]
  })

  it('says so', () => {
    expect(half!.describe()).toContain('float32 with float16 weights')
  })

  it.each([[1, 33, 7], [5, 8, 3], [40, 20, 70]])('rounds b alone: [%i, %i] times %i columns', async (n, k, m) => {
    const [a, b] = [n * k, k * m].map((size) => Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i)))
    const product = async (backend: Backend): Promise<readonly number[]> => {
      const operands = { a: backend.zeros([n, k]), b: backend.zeros([k, m]), out: backend.zeros([n, m]) }
      backend.write(operands.a, a!)
      backend.write(operands.b, b!)
      const { prepare, run } = backend.packedMatmul(operands)
      prepare()
      run(0)
      return Array.from(await backend.readAsync(operands.out))
    }
    const [got, want] = [await product(half!), await product(javascript({ dtype: 'float64' }))]
    const most = k * 2 ** -10 // all |a| and |b| are below 1
    got.forEach((value, i) => expect(Math.abs(value - want[i]!)).toBeLessThan(most))
    expect(got).not.toEqual(await product(single!))
  })

  it('computes what float64 does where the weights are float16 numbers', async () => {
    const exact = make(javascript({ dtype: 'float64' }))
    roundWeights(exact)
    const model = make(half!)
    const weights = namedVariables(exact.params)
    for (const [i, [, { value }]] of namedVariables(model.params).entries())
      half!.write(value, exact.backend.read(weights[i]![1].value))
    const [got, want] = [await predict(model, x), await predict(exact, x)]
    got.data.forEach((value, i) => expect(value).toBeCloseTo(want.data[i]!, 5))
  })

  it('computes in a stream what it does over a whole sequence, and rounds each weight once', async () => {
    const model = make(half!)
    const stream = model.stream()
    const whole = (await predict(model, x.slice(0, 1))).data
    const dispatches: number[] = []
    for (const [t, row] of x[0]!.entries()) {
      const before = deviceUse(half!)!.dispatches
      const y = await half!.readAsync(stream.step(row))
      dispatches.push(deviceUse(half!)!.dispatches - before)
      y.forEach((value, i) => expect(value).toBeCloseTo(whole[t * 3 + i]!, 5))
    }
    expect(dispatches[0]).toBeGreaterThan(dispatches[1]!)
    expect(new Set(dispatches.slice(1)).size).toBe(1)
  })

  it('trains float32 weights: losses are near those of float32, and each step sees the new weights', async () => {
    const data = sequences({ x: [[0, 1, 2], [2, 1, 0]], target: [[[1], [0], [1]], [[0], [1], [1]]] })
    const losses = async (backend: Backend): Promise<readonly number[]> => {
      const model = sequential(tokens(3), [embedding(4), rnn(8), dense(1)], { backend, seed: 1 })
      return (await fit(model, data, { loss: meanSquaredError(), steps: 40, seed: 2 })).losses
    }
    const [got, want] = [await losses(half!), await losses(single!)]
    got.forEach((value, i) => expect(Math.abs(value / want[i]! - 1)).toBeLessThan(0.01))
    expect(got.at(-1)).toBeLessThan(0.8 * got[0]!)
    expect(got).not.toEqual(want)
  })

  it('finds a weight that float16 does not hold', async () => {
    const model = sequential(1, [dense(1)], { backend: half!, seed: 1 })
    half!.write(namedVariables(model.params)[0]![1].value, [1e5])
    const data = sequences({ x: [[[1]]], target: [[[1]]] })
    await expect(fit(model, data, { loss: meanSquaredError(), steps: 1 })).rejects.toThrow(NotFiniteError)
  })
})
