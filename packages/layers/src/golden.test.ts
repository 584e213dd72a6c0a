import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { Random, tensorOver, type Floats } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { activation, dense, embedding, layerNorm, leaves, sequence, tokens, wireFor, type Blueprint } from './index.ts'

interface Saved { shape: number[]; data: number[] }
interface Case { name: string; layer: string; options: Record<string, number>; parameters: Record<string, Saved>; gradients: Record<string, Saved>; x: Saved; y: Saved; dy: Saved; dx: Saved | null }
const { cases } = JSON.parse(readFileSync(new URL('../../../test/golden/layers.json', import.meta.url), 'utf8')) as { cases: Case[] }

const blueprints: Record<string, (c: Case) => Blueprint> = {
  LayerNorm: () => layerNorm(),
  Embedding: ({ y, options: { padding_idx: paddingIndex, scale_grad_by_freq: scaled } }) =>
    embedding(y.shape.at(-1)!, { ...(paddingIndex !== undefined && { paddingIndex }), scaleGradientByFrequency: Boolean(scaled) }),
  Linear: (c) => dense(c.y.shape.at(-1)!, { bias: 'bias' in c.parameters }),
  Tanh: () => activation('tanh'),
  ReLU: () => activation('relu'),
  Sigmoid: () => activation('sigmoid'),
  SiLU: () => activation('silu'),
  Softplus: () => activation('softplus'),
  ELU: () => activation('elu'),
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
        const numbers = (name: string, saved: Saved): number[] => (c.layer === 'Linear' && name === 'weight' ? transpose(saved) : saved.data)
        const learned = leaves(layer.params).filter(([name]) => (torchName[name] ?? name) in c.parameters) // a norm without affine leaves them at 1 and 0
        for (const [name, { value }] of learned) backend.write(value, numbers(name, c.parameters[torchName[name] ?? name]!))
        const rows = c.y.data.length / c.y.shape.at(-1)!
        const x = wireFor(layer, { steps: rows, batch: 1 }, true)
        backend.write(x.value, c.x.data)
        const frame = layer.plan(x, { steps: rows, batch: 1, mode: 'training' })
        layer.forward(frame)
        backend.write(frame.y.grad, c.dy.data)
        layer.backward(frame)
        const limit = c.name.includes('million') ? 1e-7 : 1e-9 // torch itself is off by 1e-8 there
        expect(difference(backend.read(frame.y.value), c.y.data)).toBeLessThan(limit)
        if (c.dx) expect(difference(backend.read(x.grad), c.dx.data)).toBeLessThan(limit)
        for (const [name, { grad }] of learned) expect(difference(backend.read(grad), numbers(name, c.gradients[torchName[name] ?? name]!))).toBeLessThan(limit)
      })

  it('a matrix product equals its definition at odd sizes, transposed and per step', () => {
    const backend = javascript({ dtype: 'float64' })
    const [n, k, m] = [5, 7, 9]
    const make = (shape: number[], f: (i: number) => number) => tensorOver<Floats>(Float64Array.from({ length: shape.reduce((p, q) => p * q) }, (_, i) => f(i)), shape)
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
