import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { baselinesOf } from './backtest.ts'
import type { Frame, Layout } from './frame.ts'
import { quantileOf } from './heads.ts'
import { fitLinear, linearAt, ridges } from './linear.ts'
import { calendarFeatures, cyclesIn, leavesTrace } from './seasons.ts'

const day = 86_400_000
const frameWith = (values: readonly number[]): Frame => ({
  length: values.length,
  past: [Float64Array.from(values)],
  known: [],
  calendar: values.map(() => []),
})
const layout: Layout = { targets: [0], horizon: 3, lags: 4, means: [], season: 4, seasonalLag: true }

it('ridge regression finds the weights, and shrinks them by its penalty', () => {
  const random = new Random(1)
  const rows = Array.from({ length: 200 }, () => [random.uniform(-1, 1), 1e9 + random.uniform(-1, 1), 7])
  const targets = rows.map(([a, b]) => 2 * a! - 3 * (b! - 1e9) + 5)
  const [exact, heavy] = ridges(rows, targets, [1e-9, 1e6], [true, true, true])
  expect(linearAt(exact!, [0.5, 1e9 + 0.5, 7])).toBeCloseTo(4.5, 5)
  expect(exact!.weight[2]).toBe(0)
  expect(linearAt(heavy!, [0.5, 1e9 + 0.5, 7])).toBeCloseTo(heavy!.bias, 4)
  // One input of deviation 1: the weight is 1 / (1 + penalty) of that without.
  const [half] = ridges([[1], [-1]], [1, -1], [1], [true])
  expect(half!.weight[0]).toBeCloseTo(0.5, 12)
})

it('baselines are the last value, that of a season ago, and the mean change going on', () => {
  const baselines = baselinesOf(frameWith([1, 2, 3, 4, 5, 6, 7, 9]), layout, 0, [])
  expect(baselines['naive']!(6, 2)).toBe(7)
  expect(baselines['drift']!(6, 2)).toBe(9) // 7 + 2 * (7 - 1) / 6
  expect(baselines['seasonal naive']!(6, 1)).toBe(4)
  expect(baselines['seasonal naive']!(6, 5)).toBe(4) // two seasons before: nothing after row 6 is read
  expect(baselines['seasonal naive']!(0, 1)).toBeNaN()
})

it('a linear forecast reads nothing after its origin, and nothing of the rows that are measured on', () => {
  const random = new Random(2)
  const values = Array.from({ length: 90 }, (_, t) => Math.sin(t / 2) + 0.1 * random.uniform())
  const parts = { train: 60, validation: 70 }
  const one = fitLinear(frameWith(values), layout, 0, 2, parts)
  const other = fitLinear(
    frameWith([...values.slice(0, 70), ...values.slice(70).map((value) => value + 100)]),
    layout,
    0,
    2,
    parts,
  )
  expect(other).toEqual(one)
  const at = (changed: number) =>
    baselinesOf(frameWith(values.map((value, t) => (t > 40 ? changed : value))), layout, 0, [one.ridge, one.ridge])
  for (const name of ['naive', 'drift', 'seasonal naive', 'ridge'])
    expect(at(5)[name]!(40, 2)).toBe(at(-5)[name]!(40, 2))
})

it('the calendar is read in waves, which a series has to show', () => {
  const times = Array.from({ length: 140 }, (_, i) => Date.UTC(2024, 0, 1) + i * day)
  expect(cyclesIn(day, 800 * day)).toEqual(['year', 'week'])
  expect(cyclesIn(day / 24, 30 * day)).toEqual(['week', 'day'])
  expect(cyclesIn(30 * day, 2000 * day)).toEqual(['year'])
  expect(calendarFeatures(Date.UTC(2024, 0, 1), ['week']).slice(0, 2)).toEqual([0, 1]) // a Monday
  expect(calendarFeatures(times[7]!, ['week'])).toEqual(calendarFeatures(times[0]!, ['week']))
  const random = new Random(3)
  expect(leavesTrace('week', times, times.map((_, i) => (i % 7 === 6 ? 5 : 0) + random.uniform()))).toBe(true)
  expect(leavesTrace('week', times, times.map(() => random.uniform()))).toBe(false)
})

it('quantiles lie between neighbours, as in NumPy', () => {
  expect([0, 0.1, 0.5, 1].map((q) => quantileOf([1, 2, 4, 8], q))).toEqual([1, 1.3, 3, 8])
})
