import { constant, mix, sigmoid, tanh, type Expression } from '@recurra/formula'
import { namedVariables, sequence, wireFor, type Layer, type Slots } from '@recurra/layers'
import { cell, paramKey, type CellBody } from '@recurra/rnn/authoring'
import { Random, sizeOf } from '@recurra/tensor'
import { checkGradients } from '@recurra/testing'
import { javascript } from 'recurra'
import { describe, expect, it } from 'vitest'

/** Names that something of ours has, or JavaScript. */
const awkward = [
  'dy', 'mask', 'columns', 'source', 'x', 'h', 'gate', 'prev', 'prev.c', 'd.h', 'y.h', 'next.h', 'gate.a', 'source.0',
  'saved.0', 'mean.0', 'once.0', 'kept', 'zone.h', '__proto__', 'constructor', 'toString', 'weight', 'bias',
  'recurrentWeight', 'param.weight', 'recurrentInput', '0', '', 'then', 'a b', 'é', 'param', 'grad', 'value',
]

interface Names {
  readonly gates: readonly string[]
  readonly state: readonly string[]
  readonly params: readonly string[]
}

/** A cell drawn at random: the same formulas for the same seed, whatever its gates, slots and parameters are called. */
const cellOf = (seed: number, { gates, state, params }: Names) => {
  const body: CellBody<string, string, string> = ({ x, h, gate, prev, param }) => {
    const random = new Random(seed)
    const pick = (of: readonly string[]): string => of[random.integer(of.length)]!
    const term = (among: readonly string[]): Expression => {
      const of = pick(among)
      const value = [gate[of]!, gate[of]!, x[of]!.mul(2), h[of]!.sub(x[of]!)][random.integer(4)]!
      return random.integer(2) ? tanh(value) : sigmoid(value).mul(prev[pick(state)]!)
    }
    const slots = state.map((slot, k) => {
      const all = k === 0 ? gates.map((name) => tanh(gate[name]!)) : [term(gates)]
      const sum = [
        ...all,
        term(gates),
        ...(k === 0 ? params.map((name) => sigmoid(param[name]!).mul(prev[pick(state)]!)) : []),
      ].reduce((a, b) => a.add(b), constant(0))
      return [slot, mix(0.3, sum.div(3), prev[slot]!)] as const
    })
    // A gate may wait for those before it in an order of its own.
    const order = [...gates].sort(() => random.uniform(-1, 1))
    const inputs = order
      .slice(1)
      .flatMap((name, k) => (random.integer(2) ? [[name, term(order.slice(0, k + 1)).mul(0.5)] as const] : []))
    return [Object.fromEntries(slots), { recurrentInput: Object.fromEntries(inputs) }]
  }
  return cell('random', { gates, state, params }, body)
}

const build = (seed: number, names: Names): Layer =>
  cellOf(seed, names)(3, { reverse: seed % 3 === 0 }).build(sequence(2), {
    backend: javascript({ dtype: 'float64' }),
    random: new Random(seed),
  })

/** What a layer gives and what its gradients are, slot by slot and parameter by parameter. */
const run = (layer: Layer, { state, params }: Names): number[][] => {
  const { backend } = layer
  const x = wireFor(layer, { steps: 4, batch: 2 }, true)
  const frame = layer.plan(x, { steps: 4, batch: 2, mode: 'training' })
  const random = new Random(3)
  const [initial, final] = [frame.initial, frame.final] as [Slots, Slots]
  for (const to of [
    x.value,
    ...state.map((slot) => initial[slot]!.value),
    frame.y.grad,
    ...state.map((slot) => final[slot]!.grad),
  ])
    backend.write(to, Array.from({ length: sizeOf(to.shape) }, () => random.uniform(-1, 1)))
  frame.forward()
  frame.backward()
  const weights = ['weight', 'recurrentWeight', 'bias', 'recurrentBias', ...params.map(paramKey)].map(
    (name) => (layer.params as Slots)[name]!,
  )
  return [
    frame.y.value,
    x.grad,
    ...weights.map(({ grad }) => grad),
    ...state.flatMap((slot) => [final[slot]!.value, initial[slot]!.grad]),
  ].map((t) => [...backend.read(t)])
}

describe('gates, slots and parameters may have any name', () => {
  const draw = new Random(11)
  const shuffled = (): string[] => [...awkward].sort(() => draw.uniform(-1, 1))
  for (let seed = 1; seed <= 40; seed++) {
    const [gates, state, params] = [1 + draw.integer(4), 1 + draw.integer(3), draw.integer(3)]
    const plain: Names = {
      gates: Array.from({ length: gates }, (_, k) => `g${k}`),
      state: Array.from({ length: state }, (_, k) => `s${k}`),
      params: Array.from({ length: params }, (_, k) => `p${k}`),
    }
    const names: Names = {
      gates: shuffled().slice(0, gates),
      state: shuffled().slice(0, state),
      params: shuffled().slice(0, params),
    }
    it(`cell ${seed}: ${JSON.stringify(names)}`, () => {
      const layer = build(seed, names)
      expect(namedVariables(layer.params).length).toBe(4 + params)
      expect(run(layer, names)).toEqual(run(build(seed, plain), plain))
      const { error, where } = checkGradients(build(seed, names), { lengths: [2, 4, 1] })
      expect(error, where).toBeLessThan(1e-8)
    })
  }
})

/** Where each gate of `to` stands among those of `from`. */
const places = (from: readonly string[], to: readonly string[]): number[] => to.map((name) => from.indexOf(name))

it.each([
  ['n', 'r', 'z', 'm'], ['z', 'n', 'm', 'r'], ['m', 'z', 'r', 'n'], ['r', 'z', 'n', 'm'],
])('gates may stand in any order: %s %s %s %s', (...gates) => {
  const first = ['r', 'z', 'n', 'm']
  const make = (order: readonly string[]) =>
    cell('order', { gates: order, state: ['h'] }, ({ gate, prev }) => {
      const recurrentInput = { n: sigmoid(gate['r']!).mul(prev.h), m: tanh(gate['n']!) } // one waits for the other
      return [{ h: mix(sigmoid(gate['z']!), tanh(gate['n']!.add(gate['m']!)), prev.h) }, { recurrentInput }]
    })
  const units = 3
  const [one, other] = [first, gates].map((order) =>
    make(order)(units).build(sequence(2), { backend: javascript({ dtype: 'float64' }), random: new Random(4) }),
  ) as [Layer, Layer]
  for (const [name, { value }] of Object.entries(one.params as Slots)) {
    const [values, width] = [one.backend.read(value), value.shape.at(-1)!]
    const rows = values.length / width
    const moved = Array.from({ length: rows }, (_, row) =>
      places(first, gates).flatMap((k) => [...values.subarray(row * width + k * units, row * width + (k + 1) * units)]),
    )
    other.backend.write((other.params as Slots)[name]!.value, moved.flat())
  }
  const [a, b] = [one, other].map((layer) => run(layer, { gates, state: ['h'], params: [] })) as [
    number[][],
    number[][],
  ]
  // y, dx, the final state, the gradient of the initial one
  for (const k of [0, 1, 6, 7]) b[k]!.forEach((value, i) => expect(value).toBeCloseTo(a[k]![i]!, 12))
  expect(checkGradients(other).error).toBeLessThan(1e-8)
})
