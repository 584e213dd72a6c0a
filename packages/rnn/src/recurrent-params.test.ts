import { javascript } from '@recurra/backend'
import { sequence, type Blueprint, type Variable } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { gru, lstm, minGru, peepholeLstm } from './index.ts'

const backend = javascript({ dtype: 'float64' })
const build = (blueprint: Blueprint): ((name: string) => number[]) => {
  const { params } = blueprint.build(sequence(2), { backend, random: new Random(1) })
  return (name) => [...backend.read((params[name] as Variable).value)]
}

it('each gate begins as a matrix of its own', () => {
  const of = build(lstm(3, { initializers: { recurrentWeight: 'identity', weight: 'orthogonal', bias: 0.5 } }))
  const row = (at: number): number[] => Array.from({ length: 12 }, (_, i) => (i % 3 === at ? 1 : 0))
  expect(of('recurrentWeight')).toEqual([...row(0), ...row(1), ...row(2)])
  expect(of('bias')).toEqual(Array.from({ length: 12 }, () => 0.5))
  const weight = of('weight')
  for (const gate of [0, 1, 2, 3])
    expect([0, 1, 2].reduce((sum, unit) => sum + weight[gate * 3 + unit]! ** 2, 0)).toBeCloseTo(1, 12)
})

it('vectors of a cell can be told as well', () => {
  expect(build(peepholeLstm(2, { initializers: { peepF: 0 } }))('peepF')).toEqual([0, 0])
})

it('the biases of a gate sum up to what was asked for, and no other number changes', () => {
  const [usual, of] = [build(lstm(2)), build(lstm(2, { gateBias: { f: 1 } }))]
  const [bias, recurrentBias] = [of('bias'), of('recurrentBias')]
  expect(bias.slice(2, 4)).toEqual([1, 1])
  expect(recurrentBias.slice(2, 4)).toEqual([0, 0])
  expect([...bias.slice(0, 2), ...bias.slice(4)]).toEqual([...usual('bias').slice(0, 2), ...usual('bias').slice(4)])
  expect(of('recurrentWeight')).toEqual(usual('recurrentWeight'))
  expect(build(lstm(2, { biases: 1, gateBias: { f: 2 } }))('bias').slice(2, 4)).toEqual([2, 2])
  expect(build(minGru(1, { gateBias: { z: 3 } }))('bias')[0]).toBe(3)
})

it('options are plain data, and part of the config', () => {
  const options = { gateBias: { f: 1 }, initializers: { recurrentWeight: 'orthogonal' } } as const
  expect(JSON.parse(JSON.stringify(lstm(2, options)))).toEqual({ type: 'lstm', options: { size: 2, ...options } })
})

it('refuses parameters and gates that are not there, with what is', () => {
  const context = { backend, random: new Random(1) }
  const refused = (blueprint: Blueprint, why: RegExp): void =>
    expect(() => blueprint.build(sequence(2), context)).toThrow(why)
  refused(
    lstm(2, { initializers: { kernel: 0 } }),
    /a known initializer, got kernel\. .*Known: weight, recurrentWeight, bias, recurrentBias\./,
  )
  refused(
    minGru(2, { initializers: { recurrentWeight: 0 } }),
    /a known initializer, got recurrentWeight\. .*Known: weight, bias\./,
  )
  refused(gru(2, { gateBias: { f: 1 } as {} }), /a known gate, got f\. .*Known: r, z, n\./)
  refused(lstm(2, { gateBias: { f: Number.NaN } }), /finite numbers, got NaN/)
  refused(lstm(2, { biases: 0, gateBias: { f: 1 } }), /layer with biases/)
})

it.each([
  ['gru', () => gru(4, { projection: 2 })],
  ['an lstm with recurrent dropout', () => lstm(4, { projection: 2, recurrentDropout: 0.1 })],
  ['an lstm whose h has zoneout', () => lstm(4, { projection: 2, zoneout: { h: 0.1 } })],
])('refuses to project %s, whose formula reads h', (_name, make) => {
  expect(() => make().build(sequence(2), { backend, random: new Random(1) })).toThrow(/for projection/)
})

it.each([
  [{ projecton: 2 }, 'projecton. Did you mean projection?'],
  [{ recurrentActivation: 'hard_sigmoid' }, "'hard_sigmoid'"],
  [{ projection: 0 }, 'projection to be an integer of at least 1, got 0'],
  [{ projection: 4 }, "projection to be smaller than the layer's size, 4, got 4"],
  [{ projection: 8 }, "projection to be smaller than the layer's size, 4, got 8"],
  [{ biases: 3 }, 'biases to be 0, 1 or 2, got 3'],
  [{ reverse: 'yes' }, "reverse to be true or false, got 'yes'"],
  [{ recurrentDropout: 1 }, 'recurrentDropout'],
])('refuses %o', (options, message) => {
  expect(() => lstm(4, options as object)).toThrow(message)
})
