import { javascript } from '@recurra/backend'
import { sequence, Sequential, slotsOf, type Blueprint, type Sequence, type Variable } from '@recurra/layers/authoring'
import { bidirectional, gru, lstm, rnn, rnnRelu } from '@recurra/rnn'
import { flatValues, Random, tensorOver, transposed } from '@recurra/tensor'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { elementWise, evaluate, predict, sequences, sgd, Trainer } from '../index.ts'

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
  h_n: Saved
  dh_n: Saved
  h0: Saved | null
  dh0: Saved | null
  c0: Saved | null
  dc0: Saved | null
  c_n: Saved | null
  dc_n: Saved | null
}
const cases = ['rnn', 'lstm', 'gru'].flatMap((kind) => (JSON.parse(
  readFileSync(new URL(`../../../../test/golden/recurrent-${kind}.json`, import.meta.url), 'utf8'),
) as { cases: Case[] }).cases).filter(({ h0 }) => h0)
const backend = javascript({ dtype: 'float64' })
const near = (got: ArrayLike<number>, want: ArrayLike<number>): void => {
  expect(got.length).toBe(want.length)
  for (let i = 0; i < want.length; i++)
    expect(Math.abs(got[i]! - want[i]!)).toBeLessThan(1e-9 * Math.max(1, Math.abs(want[i]!)))
}

/** A case of PyTorch as a model with its parameters, and its initial state by slot. */
const build = (c: Case) => {
  const make = c.kind === 'LSTM' ? lstm : c.kind === 'GRU' ? gru : c.nonlinearity === 'relu' ? rnnRelu : rnn
  const [batch, steps, input] = c.x.shape as [number, number, number]
  const units = c.h_n.shape[2]!
  const one: Blueprint = c.bidirectional
    ? bidirectional((o): Blueprint<Sequence, Sequence> => make(units, o) as Blueprint<Sequence, Sequence>)
    : make(units)
  const layers = Array.from({ length: c.layers }, () => one)
  const model = new Sequential(sequence(input), layers, { backend, random: new Random(1) })
  const torch = {
    weight: 'weight_ih',
    recurrentWeight: 'weight_hh',
    bias: 'bias_ih',
    recurrentBias: 'bias_hh',
  } as const
  const each = (visit: (param: Variable, theirs: Saved) => void, of: Record<string, Saved>): void => {
    model.layers.forEach(({ params }, l) =>
      (c.bidirectional ? [params['forward'], params['backward']] : [params]).forEach((own, d) => {
        for (const [ours, theirs] of Object.entries(torch))
          visit((own as Record<string, Variable>)[ours]!, of[`${theirs}_l${l}${d ? '_reverse' : ''}`]!)
      }),
    )
  }
  const numbers = ({ shape, data }: Saved): number[] =>
    shape.length === 2 ? flatValues(transposed(tensorOver(Float64Array.from(data), shape))) : data
  each(({ value }, saved) => backend.write(value, numbers(saved)), c.parameters)
  /** The states of one kind as the slots of the model have them. */
  const bySlot = (h: Saved, cells: Saved | null): { [slot: string]: number[][] } => Object.fromEntries(
    [['h', h], ['c', cells]].flatMap(([slot, saved]) => (saved === null ? [] : model.layers.flatMap((_, l) =>
      (c.bidirectional ? ['forward.', 'backward.'] : ['']).map((way, d, { length }) => {
        const at = (l * length + d) * batch * units
        const row = (b: number): number[] => (saved as Saved).data.slice(at + b * units, at + (b + 1) * units)
        return [`${l}.${way}${slot as string}`, Array.from({ length: batch }, (_, b) => row(b))]
      })))))
  return { model, batch, steps, input, each, numbers, bySlot }
}
const flat = (states: { [slot: string]: number[][] }): { [slot: string]: number[] } =>
  Object.fromEntries(Object.entries(states).map(([slot, rows]) => [slot, rows.flat()]))

describe('the initial states of PyTorch in float64 give its numbers', () => {
  const byHand = elementWise('given', (y, target) => y.mul(target), { reduction: 'sum' })
  for (const c of cases)
    it(c.name, async () => {
      const { model, batch, steps, input, each, numbers, bySlot } = build(c)
      const initialState = bySlot(c.h0!, c.c0)
      const real = (b: number): number => c.lengths?.[b] ?? steps
      const rowsOf = ({ data }: Saved, width: number): number[][][] => Array.from({ length: batch }, (_, b) =>
        Array.from({ length: real(b) }, (_, t) => data.slice((b * steps + t) * width, (b * steps + t + 1) * width)))
      const width = c.y.shape[2]!
      const wanted = rowsOf(c.y, width)

      using trainer = new Trainer(model, { loss: byHand, optimizer: sgd(), steps, batch, padded: c.lengths !== null })
      const final = bySlot(c.dh_n, c.dc_n)
      for (const [slot, { grad }] of slotsOf(model, trainer.frame.final)) backend.write(grad, final[slot]!.flat())
      trainer.add({
        x: c.x.data, target: c.dy.data, initialState: flat(initialState), ...(c.lengths && { lengths: c.lengths }),
      })
      const gradients = bySlot(c.dh0!, c.dc0)
      expect(Object.keys(trainer.initialStateGradients).sort()).toEqual(Object.keys(gradients).sort())
      for (const [slot, rows] of Object.entries(gradients))
        near(backend.read(trainer.initialStateGradients[slot]!), rows.flat())
      each(({ grad }, saved) => near(backend.read(grad), numbers(saved)), c.gradients)
      for (const [slot, { value }] of slotsOf(model, trainer.frame.final))
        near(backend.read(value), bySlot(c.h_n, c.c_n)[slot]!.flat())

      const x = rowsOf(c.x, input)
      const all = await predict(model, x, { initialState })
      const longest = Math.max(...x.map(({ length }) => length))
      near(
        flatValues(all),
        wanted.flatMap((rows) => [...rows.flat(), ...Array<number>((longest - rows.length) * width).fill(0)]),
      )

      const target = rowsOf(c.dy, width)
      const data = sequences({ x, target, initialState, batch: 2 }) // the last batch is not full
      const { loss } = await evaluate(model, data, { loss: byHand })
      const sum = wanted.flat(2).reduce((total, y, i) => total + y * target.flat(2)[i]!, 0)
      near([loss * 2], [sum])

      if (c.bidirectional || c.lengths) return
      const stream = model.stream({ batch, initialState })
      expect(stream.state).toEqual(initialState)
      for (let run = 0; run < 2; run++, stream.reset())
        for (let t = 0; t < steps; t++)
          near(flatValues(stream.step(x.map((rows) => rows[t]!))), wanted.flatMap((rows) => rows[t]!))
      stream.setState(initialState)
      for (let t = 0; t < steps; t++) stream.step(x.map((rows) => rows[t]!))
      const end = bySlot(c.h_n, c.c_n)
      for (const [slot, rows] of Object.entries(stream.state)) near(flatValues(rows), end[slot]!.flat())
    })
})
