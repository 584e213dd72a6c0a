import { readFileSync } from 'node:fs'
import { flatValues } from '@recurra/tensor'
import {
  bidirectional, dense, evaluate, fit, gruResetBefore, javascript, last, lstm, masking, meanSquaredError,
  namedVariables, predict, Random, rnn, sequences, sequential, sgd, ShapeError, ValueError, type Blueprint,
  type Sequential,
} from 'recurra'
import { describe, expect, it } from 'vitest'

interface Case {
  kind: 'lstm' | 'gru' | 'simpleRNN'
  both: boolean
  returnSequences: boolean
  weights: number[][][]
  y: number[][] | number[][][]
}
const { mask, x, cases } = JSON.parse(readFileSync(new URL('../golden/tfjs-masks.json', import.meta.url), 'utf8')) as {
  mask: number[][]
  x: number[][][]
  cases: Case[]
}
const [features, units] = [2, 3]
const kinds = {
  lstm: { make: lstm, gates: [0, 1, 2, 3] },
  gru: { make: gruResetBefore, gates: [1, 0, 2] },
  simpleRNN: { make: rnn, gates: [0] },
}

describe('masks with gaps give what TensorFlow.js gives', () => {
  it.each(
    cases.map(
      (one) =>
        [`${one.kind}${one.both ? ' both ways' : ''}, ${one.returnSequences ? 'all steps' : 'the end'}`, one] as const,
    ),
  )('%s', async (_name, { kind, both, returnSequences, weights, y }) => {
    const { make, gates } = kinds[kind]
    const layer: Blueprint = both
      ? bidirectional((direction) => make(units, { ...direction, biases: 1 }))
      : make(units, { biases: 1 })
    const end = returnSequences ? [] : [last({ bidirectional: both })]
    const made = (...before: readonly Blueprint[]): Sequential => {
      const model = sequential(features, [...before, layer, ...end] as readonly Blueprint[], {
        backend: javascript({ dtype: 'float64' }),
      }) as Sequential
      const params = namedVariables(model.params).map(([, variable]) => variable)
      params.forEach(({ value }, i) => {
        const rows = (Array.isArray(weights[i]![0]) ? weights[i]! : [weights[i]!]) as number[][]
        model.backend.write(
          value,
          rows.flatMap((row) => gates.flatMap((gate) => row.slice(gate * units, (gate + 1) * units))),
        )
      })
      return model
    }
    const expectSame = (got: ArrayLike<number>): void => {
      const values = (y as number[][]).flat(2)
      Array.from(got).forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(2e-6))
    }
    const target = returnSequences ? mask.map((row) => row.map(() => [0])) : mask.map(() => [0])
    for await (const said of predict(made(), sequences({ x, mask, target }))) expectSame(flatValues(said.y))
    expectSame(flatValues(await predict(made(masking()), x)))
    const sevens = x.map((row, i) => row.map((step, t) => (mask[i]![t] === 1 ? step : [7, 7])))
    expectSame(flatValues(await predict(made(masking({ value: 7 })), sevens)))
  })
})

/** Sequences with gaps, and the same with the gaps taken out. What stands in the gaps is NaN. */
const random = new Random(5)
const whole = [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]]
const data = whole.map((row) => row.map((real) => (real ? [random.uniform(-1, 1), random.uniform(-1, 1)] : [NaN, NaN])))
const wanted = whole.map((row) => row.map((real) => (real ? [random.uniform(-1, 1)] : [NaN])))
const without = <T,>(rows: readonly (readonly T[])[]): T[][] =>
  rows.map((row, i) => row.filter((_, t) => whole[i]![t] === 1))
const modelFor = (): Sequential =>
  sequential(2, [bidirectional((direction) => lstm(3, direction)), dense(1)], {
    backend: javascript({ dtype: 'float64' }),
  }) as Sequential

it('gaps count as little as if they were not there, in loss, gradient and metrics', async () => {
  const [gapped, plain] = [modelFor(), modelFor()]
  const [withGaps, without_] = [
    sequences({ x: data, mask: whole, target: wanted }),
    sequences({ x: without(data), target: without(wanted) }),
  ]
  const loss = meanSquaredError()
  for (const [model, given] of [[gapped, withGaps], [plain, without_]] as const)
    await fit(model, given, { loss, optimizer: sgd({ learningRate: 0.1 }), steps: 3 })
  const numbers = (model: Sequential): number[] =>
    namedVariables(model.params).flatMap(([, { value }]) => [...model.backend.read(value)])
  numbers(gapped).forEach((value, i) => expect(value).toBeCloseTo(numbers(plain)[i]!, 12))
  const [a, b] = [await evaluate(gapped, withGaps, { loss }), await evaluate(plain, without_, { loss })]
  expect(a.loss).toBeCloseTo(b.loss, 12)
})

it('says which mask does not fit', () => {
  const make = (masks: unknown) => () =>
    sequences({ x: data.map((row) => row.map(() => [0, 0])), mask: masks as number[][], target: [0, 0, 0] })
  expect(make([[1, 0, 1], [1, 1, 1, 1], [1, 1, 1, 1]])).toThrow(ShapeError)
  expect(make([[1, 1, 1, 1]])).toThrow(ShapeError)
  expect(make([[1, 0, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1]])).toThrow(ValueError)
  expect(make([[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]])).toThrow(/at least one real step/)
})
