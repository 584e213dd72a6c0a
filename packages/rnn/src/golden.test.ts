import { readFileSync } from 'node:fs'
import { javascript, type Backend } from '@recurra/backend'
import {
  namedVariables, Lengths, Sequential, sequence, wireFor, type Blueprint, type Sequence, type Variable,
} from '@recurra/layers'
import { Random, swapTimeAndBatch, tensorOver, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { bidirectional, gru, last, lstm, rnn, rnnRelu } from './index.ts'

interface Saved { shape: number[]; data: number[] }
interface Case {
  name: string
  kind: 'RNN' | 'LSTM' | 'GRU'
  nonlinearity: string | null
  layers: number
  bidirectional: boolean
  lengths: number[] | null
  parameters: Record<string, Saved>
  gradients: Record<string, Saved>
  x: Saved
  y: Saved
  dy: Saved
  dx: Saved
  h_n: Saved
  dh_n: Saved
  h0: Saved | null
  dh0: Saved | null
  c0: Saved | null
  dc0: Saved | null
  c_n: Saved | null
  dc_n: Saved | null
}
const cases = ['rnn', 'lstm', 'gru'].flatMap(
  (kind) =>
    (
      JSON.parse(readFileSync(new URL(`../../../test/golden/recurrent-${kind}.json`, import.meta.url), 'utf8')) as {
        cases: Case[]
      }
    ).cases,
)

/** The numbers of a batch-first tensor in time-major order. */
const timeMajor = ({ shape, data }: Saved): number[] =>
  (toNested(swapTimeAndBatch(tensorOver(Float64Array.from(data), shape))) as number[][][]).flat(2)
const transposed = ({ shape: [n, m], data }: Saved): number[] =>
  Array.from({ length: n! * m! }, (_, i) => data[(i % n!) * m! + Math.floor(i / n!)]!)
const near = (backend: Backend, got: Tensor, want: ArrayLike<number>): void =>
  backend
    .read(got)
    .forEach((v, i) => expect(Math.abs(v - want[i]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(want[i]!))))

describe('recurrent layers equal PyTorch in float64', () => {
  const rnnWithRelu = (size: number, options: object = {}): Blueprint => rnn(size, { ...options, activation: 'relu' })
  const makersOf = (c: Case): object[] =>
    c.kind === 'LSTM' ? [lstm] : c.kind === 'GRU' ? [gru] : c.nonlinearity === 'relu' ? [rnnRelu, rnnWithRelu] : [rnn]
  for (const [c, make] of cases.flatMap((each) => makersOf(each).map((one) => [each, one as typeof rnn] as const)))
    it(`${c.name}${make === (rnnWithRelu as unknown) ? ', as an option' : ''}`, () => {
      const backend = javascript({ dtype: 'float64' })
      const [batch, steps, input] = c.x.shape as [number, number, number]
      const units = c.h_n.shape[2]!
      const one: Blueprint = c.bidirectional
        ? bidirectional((o): Blueprint<Sequence, Sequence> => make(units, o) as Blueprint<Sequence, Sequence>)
        : make(units)
      const model = new Sequential(
        sequence(input),
        Array.from({ length: c.layers }, () => one),
        { backend, random: new Random(1) },
      )

      const directions = model.layers.flatMap((layer, l) =>
        (c.bidirectional ? [layer.params['forward'], layer.params['backward']] : [layer.params]).map((params, d) => ({
          params: params as Record<string, Variable>,
          suffix: `_l${l}${d ? '_reverse' : ''}`,
        })),
      )
      const torch = {
        weight: 'weight_ih',
        recurrentWeight: 'weight_hh',
        bias: 'bias_ih',
        recurrentBias: 'bias_hh',
      } as const
      const numbers = (name: string, saved: Saved): number[] =>
        name.startsWith('weight') ? transposed(saved) : saved.data
      const each = (visit: (param: Variable, name: string) => void): void => {
        for (const { params, suffix } of directions)
          for (const [ours, theirs] of Object.entries(torch)) visit(params[ours]!, theirs + suffix)
      }
      each(({ value }, name) => backend.write(value, numbers(name, c.parameters[name]!)))

      const lengths = c.lengths ? new Lengths(backend, steps, batch) : undefined
      if (c.lengths) lengths!.set(c.lengths)
      const x = wireFor(model, { steps, batch }, true)
      backend.write(x.value, timeMajor(c.x))
      const frame = model.plan(x, { steps, batch, mode: 'training', ...(lengths && { lengths }) })
      const slots = (state: typeof frame.initial, slot: string): Variable[] =>
        namedVariables(state).filter(([path]) => path.endsWith(slot)).map(([, v]) => v)
      const part = (saved: Saved, i: number): number[] => saved.data.slice(i * batch * units, (i + 1) * batch * units)
      if (c.h0) slots(frame.initial, 'h').forEach(({ value }, i) => backend.write(value, part(c.h0!, i)))
      if (c.c0) slots(frame.initial, 'c').forEach(({ value }, i) => backend.write(value, part(c.c0!, i)))
      frame.forward()
      if (c.bidirectional) { // both ends are the final states of the last layer, forward and backward side by side
        const ends = last({ bidirectional: true }).build(model.out, { backend, random: new Random(1) })
        const both = ends.plan(frame.y, { ...frame.callShape, mode: 'inference' })
        both.forward()
        const side = (direction: number, b: number): number[] =>
          part(c.h_n, (c.layers - 1) * 2 + direction).slice(b * units, (b + 1) * units)
        near(backend, both.y.value, Array.from({ length: batch }, (_, b) => [...side(0, b), ...side(1, b)]).flat())
      }
      backend.write(frame.y.grad, timeMajor(c.dy))
      slots(frame.final, 'h').forEach(({ grad }, i) => backend.write(grad, part(c.dh_n, i)))
      if (c.dc_n) slots(frame.final, 'c').forEach(({ grad }, i) => backend.write(grad, part(c.dc_n!, i)))
      frame.backward()

      const y = timeMajor(c.y)
      const width = frame.y.value.shape[2]!
      backend.read(frame.y.value).forEach((v, i) => {
        if (!lengths || lengths.mask.data[Math.floor(i / width)]) expect(Math.abs(v - y[i]!)).toBeLessThan(1e-9)
      })
      near(backend, x.grad, timeMajor(c.dx))
      slots(frame.final, 'h').forEach(({ value }, i) => near(backend, value, part(c.h_n, i)))
      if (c.c_n) slots(frame.final, 'c').forEach(({ value }, i) => near(backend, value, part(c.c_n!, i)))
      if (c.dh0) slots(frame.initial, 'h').forEach(({ grad }, i) => near(backend, grad, part(c.dh0!, i)))
      if (c.dc0) slots(frame.initial, 'c').forEach(({ grad }, i) => near(backend, grad, part(c.dc0!, i)))
      each(({ grad }, name) => near(backend, grad, numbers(name, c.gradients[name]!)))
    })
})
