import { javascript } from '@recurra/backend'
import {
  dense, named, oneHot, sequence, Sequential, sequential, slotsOf, tokens, type Blueprint, type Sequence, type Variable,
} from '@recurra/layers'
import { bidirectional, gru, last, lstm, rnn, rnnRelu } from '@recurra/rnn'
import { flatten, Random, tensorOver, transposed, type Tensor } from '@recurra/tensor'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  adam, elementWise, evaluate, fit, meanSquaredError, predict, sequences, sgd, Trainer, type Batch,
} from '../index.ts'

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
      (c.bidirectional ? [params['ahead'], params['back']] : [params]).forEach((own, d) => {
        for (const [ours, theirs] of Object.entries(torch))
          visit((own as Record<string, Variable>)[ours]!, of[`${theirs}_l${l}${d ? '_reverse' : ''}`]!)
      }),
    )
  }
  const numbers = ({ shape, data }: Saved): number[] =>
    shape.length === 2 ? flatten(transposed(tensorOver(Float64Array.from(data), shape))) : data
  each(({ value }, saved) => backend.write(value, numbers(saved)), c.parameters)
  /** The states of one kind as the slots of the model have them. */
  const bySlot = (h: Saved, cells: Saved | null): { [slot: string]: number[][] } => Object.fromEntries(
    [['h', h], ['c', cells]].flatMap(([slot, saved]) => (saved === null ? [] : model.layers.flatMap((_, l) =>
      (c.bidirectional ? ['ahead.', 'back.'] : ['']).map((way, d, { length }) => {
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
        flatten(all),
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
          near(flatten(stream.step(x.map((rows) => rows[t]!))), wanted.flatMap((rows) => rows[t]!))
      stream.setState(initialState)
      for (let t = 0; t < steps; t++) stream.step(x.map((rows) => rows[t]!))
      const end = bySlot(c.h_n, c.c_n)
      for (const [slot, rows] of Object.entries(stream.state)) near(rows.flat(), end[slot]!.flat())
    })
})

describe('the initial state of a batch', () => {
  const small = () => sequential(1, [named('first', gru(2)), lstm(2), dense(1)], { backend })
  const batch: Batch = { x: [0.1, 0.2, 0.3, 0.4], target: [1, 0, 1, 0] }
  const trainerOf = (carry = false) =>
    new Trainer(small(), { loss: meanSquaredError(), optimizer: sgd(), steps: 2, batch: 2, carry })
  const started = { '1.c': [0.5, -0.5, 0.25, 1] }

  it('lasts for that batch alone, and slots that are left out are 0', () => {
    using trainer = trainerOf()
    const losses = [{}, started, {}, { ...started, 'first.h': [0, 0, 0, 0], '1.h': [0, 0, 0, 0] }, undefined]
      .map((initialState) => trainer.add({ ...batch, ...(initialState && { initialState }) }))
    expect(losses[1]).not.toBe(losses[0])
    expect(losses[3]).toBe(losses[1])
    expect([losses[2], losses[4]]).toEqual([losses[0], losses[0]])
  })

  it('says what is wrong, and nothing has changed then', () => {
    using trainer = trainerOf()
    const before = trainer.add({ ...batch, initialState: started })
    const fails = (initialState: unknown, message: RegExp): void => {
      expect(() => trainer.add({ ...batch, initialState } as Batch)).toThrow(message)
      expect(flatten([...slotsOf(small(), trainer.frame.initial)].find(([slot]) => slot === '1.c')![1].value)).toEqual(
        started['1.c'],
      )
    }
    fails(
      { 'frist.h': [0, 0, 0, 0] },
      /expected a known slot, got frist.h. Did you mean first.h\? Known: first.h, 1.h, 1.c/,
    )
    fails({ h: [0, 0, 0, 0] }, /expected a known slot, got h/)
    fails({ '1.h': [0, 0, 0] }, /initialState\['1.h'\]: expected 4 numbers \(2 sequences, 1 steps, 2 wide\), got 3/)
    fails(
      { '1.h': [0, 0, 0, Number.NaN] },
      /initialState\['1.h'\] at sequence 1, feature 1 .*expected a finite number, got NaN/,
    )
    fails({ '1.h': [0, 0, 0, 'a'] }, /got 'a'/)
    fails([0, 0], /expected values by slot, got \[0, 0\]/)
    fails(null, /expected values by slot, got null/)
    expect(trainer.add({ ...batch, initialState: started })).toBe(before)
    using carried = trainerOf(true)
    expect(() => carried.step({ ...batch, initialState: started })).toThrow(/or do not carry the state/)
    const stateless = new Trainer(sequential(1, [dense(1)], { backend }), {
      loss: meanSquaredError(),
      optimizer: sgd(),
      steps: 2,
      batch: 2,
    })
    expect(() => stateless.step({ ...batch, initialState: {} })).toThrow(/expected a model with a state of its own/)
    expect(() => trainer.add({ ...batch, initial_state: started } as Batch)).toThrow(/Did you mean initialState/)
  })

  it('is checked in sequences, predict and streams, too', async () => {
    const given = { x: [[[1]], [[2]]], target: [[[1]], [[2]]] }
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2]] } })).toThrow(
      /expected \[2, units\], one row for each sequence, got \[1, 2\]/,
    )
    expect(() => sequences({ ...given, initialState: { '1.h': [1, 2] } })).toThrow(/got \[2\]/)
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2], [3]] } })).toThrow(/initialState\['1.h'\]\[1\]/)
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2], [3, Infinity]] } }),
    ).toThrow(/initialState\['1.h'\]\[1\]\[1\]/)
    await expect(
      predict(small(), given.x, { initialState: { '1.g': [[1, 2], [1, 2]] } }),
    ).rejects.toThrow(/Known: first.h, 1.h, 1.c/)
    await expect(predict(small(), given.x, { initialState: { '1.h': [[1], [1]] } })).rejects.toThrow(/2 wide/)
    await expect(predict(small(), given.x, { initial: {} } as object)).rejects.toThrow(
      /expected a known option, got initial/,
    )
    expect(() => small().stream({ batch: 2, initialState: { '1.h': [[1], [2]] } })).toThrow(
      /expected shape \[2, 2\], .* got \[2, 1\]/,
    )
    const three = sequential(1, [gru(3)], { backend })
    expect(() => three.stream({ batch: 2, initialState: { '0.h': [[1, 2], [3, 4], [5, 6]] } })).toThrow(/got \[3, 2\]/)
    const stream = three.stream({ initialState: { '0.h': [1, 2, 3] } })
    expect(() => stream.setState({ '0.c': [1, 2, 3] })).toThrow(/Did you mean 0.h/)
    expect(() => stream.setState({ '0.h': [1, 2, Number.NaN] })).toThrow(/value 2: expected a finite number, got NaN/)
    expect(stream.state).toEqual({ '0.h': [[1, 2, 3]] })
    stream.setState({})
    expect(stream.state).toEqual({ '0.h': [[0, 0, 0]] })
  })

  it('goes with each sequence wherever fit puts it', async () => {
    const model = sequential(tokens(2), [oneHot(), gru(4), last(), dense(1)], { backend, seed: 3 })
    const starts = [-1, 1, -1, 1, 1, -1, -1, 1]
    const rows = starts.map((start) => [start, 0, start, 0])
    const x = starts.map((_, i) => Array.from({ length: 1 + (i % 3) }, () => 0))
    const data = sequences({
      x,
      target: starts.map((start) => [start]),
      initialState: { '1.h': rows },
      batch: 3,
      buckets: 2,
    })
    await fit(model, data, { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.02 }), epochs: 100 })
    const { loss } = await evaluate(model, data, { loss: meanSquaredError() })
    expect(loss).toBeLessThan(0.01) // at best 1 without the starts: all steps of x are the same
    for await (const { y, batch } of predict(model, data))
      for (const [b, length] of Array.from(batch.lengths!).entries()) {
        if (length === 0) continue
        const own = Array.from(batch.initialState!['1.h']!).slice(b * 4, b * 4 + 4)
        const alone = await predict(model, [Array<number>(length).fill(0)], { initialState: { '1.h': [own] } })
        expect((y as Tensor).data[b]).toBeCloseTo(alone.data[0]!, 12)
      }
  })
})
