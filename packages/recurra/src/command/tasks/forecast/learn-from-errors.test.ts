import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import type { ForecastCodec } from './codec.ts'
import type { Outlook } from './forecaster.ts'
import type { Frame } from './frame.ts'
import { IntervalWidth, learnFromErrors, RecentBias } from './learn-from-errors.ts'

it('a recent bias is a mean shrunk by its noise, and 0 within two standard errors', () => {
  const bias = new RecentBias(1)
  for (let i = 0; i < 19; i++) bias.add(2)
  expect(bias.value).toBe(0) // too few errors
  bias.add(2)
  expect(bias.value).toBeCloseTo(2 * (1 - (4 * 4 * (1 / 20)) / 4), 12) // mean 2, squares 4, 20 of them
  const far = new RecentBias(3)
  for (let i = 0; i < 20; i++) far.add(2)
  expect(far.value).toBeCloseTo(2 * (1 - 4 * 3 * (1 / 20)), 12) // three overlapping errors count as one
  const noise = new RecentBias(1)
  for (let i = 0; i < 100; i++) noise.add(i % 2 ? 1 : -0.9)
  expect(noise.value).toBe(0)
  // After 60 rows an error counts half: the mean is (2 + 4) / 2.
  const later = new RecentBias(1)
  for (let i = 0; i < 100_000; i++) later.add(2)
  for (let i = 0; i < 60; i++) later.add(4)
  const smoothing = 1 - 2 ** (-1 / 60)
  expect(later.value).toBeCloseTo(3 * (1 - (4 * 10 * (smoothing / (2 - smoothing))) / 9), 6)
})

it('an interval widens with each row outside, and is in balance at its share', () => {
  const width = new IntervalWidth(0.8)
  expect(width.value).toBe(1)
  width.add(false)
  expect(width.value).toBeCloseTo(Math.exp(0.08), 12)
  for (let i = 0; i < 4; i++) width.add(true)
  expect(width.value).toBeCloseTo(1, 12)
})

const codec = {
  layout: { targets: [0], horizon: 2 },
  quantiles: [0.1, 0.5, 0.9],
  nonNegative: [false],
} as unknown as ForecastCodec
const frameWith = (values: readonly number[], observed?: readonly number[]): Frame => ({
  length: values.length,
  past: [Float64Array.from(values)],
  observed: observed && [Uint8Array.from(observed)],
  known: [],
  calendar: values.map(() => []),
})
const rows = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const always = (count: number, quantiles: readonly number[]): Outlook[] =>
  rows(count).map(() => [[quantiles, quantiles]])

/** The share of rows after the first 100 within the intervals given so far before. */
const shareWithin = (outlooks: readonly Outlook[], values: readonly number[], ahead: number): number => {
  const measured = rows(values.length).slice(100 + ahead)
  const within = measured.filter((row) => {
    const interval = outlooks[row - ahead]![0]![ahead - 1]!
    return values[row]! >= interval[0]! && values[row]! <= interval.at(-1)!
  })
  return within.length / measured.length
}

// Noise of deviation 1 has 80 % of its rows within 1.28.
it.each([
  ['much too narrow', 0.4, 0],
  ['much too wide', 5, 0],
  ['off by a deviation', 1.28, 1],
])('intervals that are %s come to hold their share of rows', (_, half, shift) => {
  const random = new Random(7)
  const values = rows(500).map(() => shift + random.normal())
  const given = always(500, [-half, 0, half])
  const learned = learnFromErrors(given, rows(500), codec, frameWith(values))
  const before = shareWithin(given, values, 1)
  expect(before < 0.65 || before > 0.99).toBe(true)
  for (const ahead of [1, 2]) {
    const share = shareWithin(learned, values, ahead)
    expect(share).toBeGreaterThan(0.76)
    expect(share).toBeLessThan(0.84)
  }
  const middle = learned.at(-1)![0]![0]![1]!
  expect(Math.abs(middle - shift)).toBeLessThan(0.35)
})

it('reads nothing after an origin, and nothing that was not observed', () => {
  const random = new Random(9)
  const values = rows(80).map(() => 1 + random.normal())
  const given = always(80, [-1, 0, 1])
  const at = (changed: readonly number[], observed?: readonly number[]) =>
    learnFromErrors(given, rows(80), codec, frameWith(changed, observed))[50]
  expect(at(values.map((value, row) => (row > 50 ? value + 100 : value)))).toEqual(at(values))
  expect(at(values.map((value, row) => (row === 50 ? value + 100 : value)))).not.toEqual(at(values))
  const seen = rows(80).map((row) => Number(row !== 40))
  expect(at(values.map((value, row) => (row === 40 ? 1e6 : value)), seen)).toEqual(at(values, seen))
})

it('forecasts of a quantity that is never below 0 stay so, and a certain forecast certain', () => {
  const values = rows(60).map(() => 0)
  const limited = { ...codec, nonNegative: [true] }
  const learned = learnFromErrors(always(60, [0, 1, 2]), rows(60), limited, frameWith(values)).at(-1)![0]![0]!
  expect(learned[0]).toBe(0)
  expect(learned[1]).toBeLessThan(0.5)
  const constant = learnFromErrors(always(60, [0, 0, 0]), rows(60), codec, frameWith(values)).at(-1)
  expect(constant).toEqual([[[0, 0, 0], [0, 0, 0]]])
})
