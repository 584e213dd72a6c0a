import { readFileSync } from 'node:fs'
import {
  activation, importModel, javascript, namedVariables, Random, sequence, Sequential, wireFor, type NamedTensor,
  type RecurrentActivation,
} from 'recurra'
import { describe, expect, it } from 'vitest'

interface Weight { name: string; shape: number[]; data: number[]; gradient: number[] }
interface Golden {
  points: number[]
  y: number[]
  dy: number[]
  x: number[][][]
  cases: { kind: 'lstm' | 'gru'; recurrentActivation: string; weights: Weight[]; y: number[][][] }[]
}
const { points, y, dy, x, cases } = JSON.parse(
  readFileSync(new URL('../golden/tfjs-hard-sigmoid.json', import.meta.url), 'utf8'),
) as Golden
const backend = javascript({ dtype: 'float64' })

/** The output for an input, and the gradients of the sum of the output. */
const passed = (model: Sequential, input: readonly number[], steps: number, batch: number): {
  readonly y: readonly number[]
  readonly dx: readonly number[]
} => {
  const wire = wireFor(model, { steps, batch }, true)
  const frame = model.plan(wire, { steps, batch, mode: 'training' })
  backend.write(wire.value, input)
  frame.forward()
  const output = [...backend.read(frame.y.value)]
  backend.write(frame.y.grad, output.map(() => 1))
  frame.backward()
  return { y: output, dx: [...backend.read(wire.grad)] }
}

/** Time-major. */
const flat = (all: readonly (readonly (readonly number[])[])[]): number[] =>
  all[0]!.flatMap((_, t) => all.flatMap((sequence) => sequence[t]!))

describe('the hard sigmoid of TensorFlow.js', () => {
  it('has its values and derivatives, at both ends too', () => {
    const layers = [activation('hardSigmoidKeras2')]
    const model = new Sequential(sequence(points.length), layers, { backend, random: new Random(1) })
    const got = passed(model, points, 1, 1)
    // theirs are rounded to float32
    got.y.forEach((value, i) => expect(value, `of ${points[i]}`).toBeCloseTo(y[i]!, 7))
    got.dx.forEach((value, i) => expect(value, `at ${points[i]}`).toBeCloseTo(dy[i]!, 7))
  })

  it.each(cases.map((one) => [one.kind, one] as const))('an %s has it in its gates by default', async (_, one) => {
    const tensors = new Map<string, NamedTensor>(
      one.weights.map(({ name, shape, data }) => [name, { name, dtype: 'F32', shape, read: () => data }]),
    )
    expect(one.recurrentActivation).toBe('hardSigmoid')
    await expect(importModel(tensors, { backend })).rejects.toThrow("recurrentActivation: 'hardSigmoidKeras2'")
    const errorWith = async (recurrentActivation: RecurrentActivation): Promise<number> => {
      const model = await importModel(tensors, { backend, recurrentActivation })
      const got = passed(model, flat(x), x[0]!.length, x.length).y
      const wanted = flat(one.y)
      return Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!)))
    }
    expect(await errorWith('hardSigmoidKeras2')).toBeLessThan(1e-6)
    expect(await errorWith('hardSigmoid')).toBeGreaterThan(1e-2)
    expect(await errorWith('sigmoid')).toBeGreaterThan(1e-2)
  })

  it.each(cases.map((one) => [one.kind, one] as const))('an %s has the gradients of its bias', async (_, one) => {
    const tensors = new Map<string, NamedTensor>(
      one.weights.map(({ name, shape, data }) => [name, { name, dtype: 'F32', shape, read: () => data }]),
    )
    const model = await importModel(tensors, { backend, recurrentActivation: 'hardSigmoidKeras2' })
    passed(model, flat(x), x[0]!.length, x.length)
    const bias = one.weights.find(({ shape }) => shape.length === 1)!
    const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b) // gates have another order
    const [, own] = namedVariables(model.params).find(([name]) => name.endsWith('.bias'))!
    const got = sorted(backend.read(own.grad))
    sorted(bias.gradient).forEach((value, i) => expect(got[i]!).toBeCloseTo(value, 4))
  })
})
