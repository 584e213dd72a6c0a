import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { logSumExpOverColumns } from '@recurra/formula'
import { Random, tensorOver, type Floats } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  activation, dense, embedding, layerNorm, namedVariables, logSoftmax, sequence, softmax, tokens, wireFor,
  type ActivationName, type Blueprint,
} from './index.ts'

interface Saved { shape: number[]; data: number[] }
interface Case {
  name: string
  layer: string
  options: Record<string, number>
  parameters: Record<string, Saved>
  gradients: Record<string, Saved>
  x: Saved
  y: Saved
  dy: Saved
  dx: Saved | null
}
const { cases } = JSON.parse(readFileSync(new URL('../../../test/golden/layers.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

const blueprints: Record<string, (c: Case) => Blueprint> = {
  LayerNorm: (c) => layerNorm({ affine: 'weight' in c.parameters }),
  Embedding: ({ y, options: { padding_idx: paddingIndex, scale_grad_by_freq: scaled } }) =>
    embedding(y.shape.at(-1)!, {
      ...(paddingIndex !== undefined && { paddingIndex }),
      scaleGradientByFrequency: Boolean(scaled),
    }),
  Linear: (c) => dense(c.y.shape.at(-1)!, { bias: 'bias' in c.parameters }),
  Tanh: () => activation('tanh'),
  ReLU: () => activation('relu'),
  Sigmoid: () => activation('sigmoid'),
  SiLU: () => activation('silu'),
  Softplus: () => activation('softplus'),
  ELU: ({ options: { alpha } }) => activation('elu', { ...(alpha !== undefined && { alpha }) }),
  GELU: (c) => activation('approximate' in c.options ? 'geluTanh' : 'gelu'),
  SELU: () => activation('selu'),
  LeakyReLU: ({ options: { negative_slope: negativeSlope = 0.01 } }) => activation('leakyRelu', { negativeSlope }),
  Hardtanh: ({ options: { min_val: min = -1, max_val: max = 1 } }) => activation('hardtanh', { min, max }),
  LogSigmoid: () => activation('logSigmoid'),
  Softmax: () => softmax(),
  LogSoftmax: () => logSoftmax(),
  Hardsigmoid: () => activation('hardSigmoid'),
  HardsigmoidKeras2: () => activation('hardSigmoidKeras2'),
  Hardswish: () => activation('hardSwish'),
  Mish: () => activation('mish'),
  Softsign: () => activation('softsign'),
  Exponential: () => activation('exponential'),
  Identity: () => activation('linear'),
}
const torchName: Record<string, string> = { scale: 'weight', shift: 'bias' }
const transpose = ({ shape, data }: Saved): number[] =>
  Array.from({ length: data.length }, (_, i) => data[(i % shape[0]!) * shape[1]! + Math.floor(i / shape[0]!)]!)

/** Largest difference, relative to the largest magnitude or 1. */
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const scale = Math.max(1, ...Array.from(b, Math.abs))
  return Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]!) / scale))
}

describe('layers equal PyTorch in float64', () => {
  for (const formulas of ['compiled', 'interpreted'] as const)
    for (const c of cases)
      it(`${c.name}, ${formulas}`, () => {
        const backend = javascript({ dtype: 'float64', formulas })
        const isToken = c.layer === 'Embedding'
        const input = isToken ? tokens(c.parameters['weight']!.shape[0]!) : sequence(c.x.shape.at(-1)!)
        const layer = blueprints[c.layer]!(c).build(input, { backend, random: new Random(1) })
        const numbers = (name: string, saved: Saved): number[] =>
          c.layer === 'Linear' && name === 'weight' ? transpose(saved) : saved.data
        // a norm without affine leaves them at 1 and 0
        const learned = namedVariables(layer.params).filter(([name]) => (torchName[name] ?? name) in c.parameters)
        for (const [name, { value }] of learned)
          backend.write(value, numbers(name, c.parameters[torchName[name] ?? name]!))
        const rows = c.y.data.length / c.y.shape.at(-1)!
        const x = wireFor(layer, { steps: rows, batch: 1 }, true)
        backend.write(x.value, c.x.data)
        const frame = layer.plan(x, { steps: rows, batch: 1, mode: 'training' })
        frame.forward()
        backend.write(frame.y.grad, c.dy.data)
        frame.backward()
        const limit = c.name.includes('million') ? 1e-7 : 1e-9 // torch itself is off by 1e-8 there
        expect(difference(backend.read(frame.y.value), c.y.data)).toBeLessThan(limit)
        if (c.dx) expect(difference(backend.read(x.grad), c.dx.data)).toBeLessThan(limit)
        for (const [name, { grad }] of learned)
          expect(difference(backend.read(grad), numbers(name, c.gradients[torchName[name] ?? name]!))).toBeLessThan(
            limit,
          )
      })

  it('a matrix product equals its definition at odd sizes, transposed and per step', () => {
    const backend = javascript({ dtype: 'float64' })
    const [n, k, m] = [5, 7, 9]
    const make = (shape: number[], f: (i: number) => number) =>
      tensorOver<Floats>(Float64Array.from({ length: shape.reduce((p, q) => p * q) }, (_, i) => f(i)), shape)
    const [a, b, out] = [make([2, n, k], Math.sin), make([k, m], Math.cos), make([2, n, m], () => 1)]
    backend.matmul({ out, a, b, accumulate: true })(1)
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) {
      let sum = 1
      for (let l = 0; l < k; l++) sum += a.data[n * k + i * k + l]! * b.data[l * m + j]!
      expect(out.data[n * m + i * m + j]).toBeCloseTo(sum, 12)
      expect(out.data[i * m + j]).toBe(1)
    }
  })
})

describe('activations keep their digits near 0', () => {
  const valueOf = (name: ActivationName, x: number): { y: number; dx: number } => {
    const backend = javascript({ dtype: 'float64' })
    const layer = activation(name).build(sequence(1), { backend, random: new Random(1) })
    const callShape = { steps: 1, batch: 1, mode: 'training' as const }
    const wire = wireFor(layer, callShape, true)
    backend.write(wire.value, [x])
    const frame = layer.plan(wire, callShape)
    frame.forward()
    backend.write(frame.y.grad, [1])
    frame.backward()
    return { y: backend.read(frame.y.value)[0]!, dx: backend.read(wire.grad)[0]! }
  }
  const x = 1e-10
  it.each<[ActivationName, number, number]>([
    ['elu', -x, -9.9999999995e-11],
    ['selu', -x, -1.7580993408473766e-10 * (1 - x / 2)],
    ['softplus', -40, 4.248354255291589e-18],
    ['softplus', x, Math.LN2 + x / 2],
    ['logSigmoid', 40, -4.248354255291589e-18],
    ['gelu', x, 5e-11 * (1 + x * Math.sqrt(2 / Math.PI))],
  ])('%s(%f)', (name, at, want) => {
    const { y } = valueOf(name, at)
    expect(Math.abs(y / want - 1)).toBeLessThan(2e-15)
  })

  it('and so do their derivatives', () => {
    expect(valueOf('softplus', 0).dx).toBe(0.5)
    expect(valueOf('elu', -x).dx).toBeCloseTo(1 - x, 15)
    expect(valueOf('gelu', 0).dx).toBe(0.5)
  })
})

it('log-sum-exp over columns equals PyTorch, of rows without any finite number near it, too', () => {
  const {
    rows: [golden],
  } = JSON.parse(readFileSync(new URL('../../../test/golden/functions.json', import.meta.url), 'utf8')) as {
    rows: { x: Saved; y: Saved; dy: Saved; dx: Saved }[]
  }
  const backend = javascript({ dtype: 'float64' })
  const layer = activation((x) => logSumExpOverColumns(x)).build(sequence(5), { backend, random: new Random(1) })
  const callShape = { steps: 6, batch: 1, mode: 'training' as const }
  const wire = wireFor(layer, callShape, true)
  backend.write(wire.value, golden!.x.data.map(Number))
  const frame = layer.plan(wire, callShape)
  frame.forward()
  expect(difference(backend.read(frame.y.value).filter((_, i) => i % 5 === 0), golden!.y.data)).toBeLessThan(1e-12)
  backend.write(frame.y.grad, golden!.dy.data.flatMap((dy) => [dy, 0, 0, 0, 0]))
  frame.backward()
  expect(difference(backend.read(wire.grad), golden!.dx.data)).toBeLessThan(1e-12)
})
