import { javascript, type Backend } from '@recurra/backend'
import { leaves, Lengths, sequence, Sequential, Stream, wireFor, type Frame, type Layer } from '@recurra/layers'
import { Random, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { gru, gruResetBefore, lstm, minGru, peepholeLstm, rnn, rnnRelu } from './index.ts'

const cells = { rnn, rnnRelu, lstm, peepholeLstm, gru, gruResetBefore, minGru }
const [steps, batch, input, units] = [4, 3, 2, 3]
const fill = (backend: Backend, x: Tensor, random: Random): void => backend.write(x, Array.from(backend.read(x), () => random.uniform(-1, 1)))

/** Gradients of sum(y·dy) + sum(final·dFinal) against fourth-order differences, for everything that has a gradient. */
const worstGradient = (layer: Layer, frame: Frame, backend: Backend, random: Random): number => {
  fill(backend, frame.y.grad, random)
  for (const [, { grad }] of leaves(frame.final)) fill(backend, grad, random)
  const { mask } = frame.extent.lengths ?? {}
  const loss = (): number => {
    layer.forward(frame)
    let sum = 0
    const [y, dy] = [backend.read(frame.y.value), backend.read(frame.y.grad)]
    y.forEach((v, i) => { if (!mask || mask.data[Math.floor(i / layer.out.size)]) sum += v * dy[i]! })
    for (const [, { value, grad }] of leaves(frame.final)) backend.read(value).forEach((v, i) => { sum += v * backend.read(grad)[i]! })
    return sum
  }
  loss()
  layer.backward(frame)
  let worst = 0
  const state = leaves(frame.initial)
  for (const { value, grad } of [frame.x as { value: Tensor; grad: Tensor }, ...leaves(layer.params).map(([, p]) => p), ...state.map(([, s]) => s)]) {
    const [numbers, slope] = [backend.read(value), backend.read(grad)]
    numbers.forEach((number, i) => {
      if (Number.isNaN(number)) return void expect(slope[i]).toBe(0)
      const f = (k: number): number => {
        backend.write(value, numbers.map((v, j) => (j === i ? number + k * 1e-3 : v)))
        return loss()
      }
      worst = Math.max(worst, Math.abs((8 * (f(1) - f(-1)) - (f(2) - f(-2))) / 12e-3 - slope[i]!))
      backend.write(value, numbers)
    })
  }
  return worst
}

for (const formulas of ['compiled', 'interpreted'] as const)
  describe(`cells, formulas ${formulas}`, () => {
    for (const [name, make] of Object.entries(cells))
      for (const reverse of [false, true])
        for (const masked of [false, true])
          it(`${name}${reverse ? ' reverse' : ''}${masked ? ' with padding of NaN' : ''}: gradients equal differences`, () => {
            const backend = javascript({ dtype: 'float64', formulas })
            const random = new Random(3)
            const layer = make(units, { reverse }).build(sequence(input), { backend, random })
            const lengths = masked ? new Lengths(backend, steps, batch) : undefined
            lengths?.set([2, 4, 1])
            const x = wireFor(layer, { steps, batch }, true)
            fill(backend, x.value as Tensor, random)
            if (lengths) backend.write(x.value, Array.from(backend.read(x.value as Tensor), (v, i) => (lengths.mask.data[Math.floor(i / input)] ? v : Number.NaN)))
            const frame = layer.plan(x, { steps, batch, mode: 'training', ...(lengths && { lengths }) })
            for (const [, { value }] of leaves(frame.initial)) fill(backend, value, random)
            expect(worstGradient(layer, frame, backend, random)).toBeLessThan(1e-8)
          })

    for (const [name, make] of Object.entries(cells))
      it(`${name}: step by step equals the whole sequence, two layers deep`, () => {
        const backend = javascript({ dtype: 'float64', formulas })
        const random = new Random(5)
        const model = new Sequential(sequence(input), [make(units), make(units)], { backend, random }) as Layer
        const x = wireFor(model, { steps, batch })
        fill(backend, x.value as Tensor, random)
        const frame = model.plan(x, { steps, batch, mode: 'inference' })
        model.forward(frame)
        const [all, whole, stream] = [backend.read(x.value as Tensor), backend.read(frame.y.value), new Stream(model, { batch })]
        for (let t = 0; t < steps; t++) {
          const y = stream.step(Array.from(all.subarray(t * batch * input, (t + 1) * batch * input)))
          backend.read(y).forEach((v, i) => expect(Math.abs(v - whole[t * batch * units + i]!)).toBeLessThan(1e-12))
        }
      })
  })
