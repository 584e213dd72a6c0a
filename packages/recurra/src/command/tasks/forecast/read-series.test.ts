import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Parsed } from '../../../terminal/options.ts'
import { readTable } from '../../data/read-table.ts'
import { chooseColumns } from './choices.ts'
import { filled } from './holes.ts'
import { readSeries } from './read-series.ts'
import { seasonOf } from './seasons.ts'
import { stepName, timeAfter, timeGridOf, writtenTime } from './time-grid.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const tableOf = (lines: readonly string[]) => {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return readTable(path)
}
const series = (lines: readonly string[], missing = 'error', flags: Parsed = {}) => {
  const table = tableOf(lines)
  return readSeries(table, chooseColumns(table, flags), missing)
}
const days = (...rows: readonly (readonly [day: number, value: string])[]): string[] => [
  'day,v',
  ...rows.map(([day, value]) => `2024-03-${String(day).padStart(2, '0')},${value}`),
]
const whole = days(...Array.from({ length: 12 }, (_, i) => [i + 1, String(i)] as const))

describe('times', () => {
  const grid = (...dates: readonly string[]) => timeGridOf(dates.map((date) => Date.parse(`${date}Z`)))
  it.each([
    ['day', ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02'], '2024-03-03'],
    ['month', ['2023-11-30', '2023-12-31', '2024-01-31', '2024-02-29'], '2024-03-31'],
    ['month', ['2023-11-01', '2023-12-01', '2024-01-01', '2024-02-01'], '2024-03-01'],
    ['quarter', ['2023-01-15', '2023-04-15', '2023-07-15', '2023-10-15'], '2024-01-15'],
    ['year', ['2020-01-01', '2021-01-01', '2022-01-01', '2023-01-01'], '2024-01-01'],
    ['hour', ['2024-01-01T22:00', '2024-01-01T23:00', '2024-01-02T00:00', '2024-01-02T01:00'], '2024-01-02T02:00'],
    ['row', ['2024-01-01T00:00', '2024-01-01T00:45', '2024-01-01T01:30'], '2024-01-01T02:15'],
  ])('lie on a grid: one per %s', (name, dates, next) => {
    const { step, gaps } = grid(...dates)
    expect([stepName(step), gaps]).toEqual([name, []])
    expect(writtenTime(timeAfter(Date.parse(`${dates.at(-1)!}Z`), step!, 1), step)).toBe(next)
  })

  it('on weekdays alone continue with Monday', () => {
    const dates = Array.from({ length: 12 }, (_, i) =>
      new Date(Date.UTC(2024, 2, 4 + i + 2 * Math.floor(i / 5))).toISOString().slice(0, 10),
    )
    const { step, gaps } = grid(...dates)
    expect([stepName(step), gaps]).toEqual(['weekday', []])
    expect(writtenTime(timeAfter(Date.UTC(2024, 2, 15), step!, 1), step)).toBe('2024-03-18')
  })

  it('with holes have gaps, and those without a rhythm have no step', () => {
    expect(
      grid('2024-03-01', '2024-03-02', '2024-03-03', '2024-03-06', '2024-03-07', '2024-03-08', '2024-03-09').gaps,
    ).toEqual([{ row: 3, count: 2 }])
    expect(grid('2024-03-01', '2024-03-02', '2024-03-09', '2024-04-20', '2024-04-21').step).toBeUndefined()
  })
})

describe('a series', () => {
  it('stays on its grid of times in three ways', () => {
    const holes = Float64Array.of(NaN, 1, NaN, NaN, 4, NaN)
    expect([...filled(holes, 'carry')]).toEqual([1, 1, 1, 1, 4, 4])
    expect([...filled(holes, 'mask')]).toEqual([1, 1, 1, 1, 4, 4])
    expect([...filled(holes, 'interpolate')]).toEqual([1, 1, 2, 3, 4, 4])
  })

  it('with a missing value is an error with line, column and the choices, or filled and noted', () => {
    const lines = [...whole.slice(0, 5), '2024-03-05,NA', ...whole.slice(6)]
    expect(() => series(lines)).toThrow(/\.csv, line 6, v: expected a number, got "NA"\..*carry.*interpolate.*mask/s)
    const { past, observed, notes } = series(lines, 'interpolate')
    expect([...past[0]!]).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect([...observed![0]!]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1])
    expect(notes.map(({ text }) => text).join()).toContain('missing: they are interpolated between their neighbors')
    expect([...series(lines, 'carry').past[0]!].slice(3, 6)).toEqual([3, 3, 5])
  })

  it('with a missing day is an error that names both days, or keeps its grid', () => {
    const lines = [...whole.slice(0, 5), ...whole.slice(7)]
    expect(() => series(lines)).toThrow(
      /line 6: expected the row that follows 2024-03-04, got 2024-03-07: 2 rows are missing in all.*--missing carry/s,
    )
    const { length, past, times, notes } = series(lines, 'interpolate')
    expect([length, [...past[0]!].slice(3, 7), writtenTime(times![4]!)]).toEqual([12, [3, 4, 5, 6], '2024-03-05'])
    expect(notes.map(({ text }) => text).join()).toContain('day leaves out 2 rows, the first before line 6')
  })

  it('that is not in order is sorted, and one with a time twice keeps the order of the file; both are noted', () => {
    const sorted = series([whole[0]!, ...whole.slice(1).reverse()])
    expect([...sorted.past[0]!]).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect(sorted.notes.map(({ text }) => text).join()).toContain(
      'day: line 3 is earlier than the one before it: rows are sorted by time',
    )
    const twice = series([...whole.slice(0, 5), whole[4]!, ...whole.slice(5)])
    expect(twice.times).toBeUndefined()
    expect(twice.notes.map(({ text }) => text).join()).toContain('day: 2024-03-04 of line 6 comes twice')
  })

  it('continues with rows of which only what is known in advance is there', () => {
    const lines = ['day,v,holiday', ...whole.slice(1).map((line) => `${line},0`), '2024-03-13,,1', '2024-03-14,,0']
    const { length, known, notes } = series(lines, 'error', { known: 'holiday' })
    expect([length, [...known[0]!].slice(10)]).toEqual([12, [0, 0, 1, 0]])
    expect(notes.map(({ text }) => text).join()).toContain('2 rows at the end without v: taken as the future')
  })

  it('leaves out what counts rows or is not a number, with the reason', () => {
    const table = tableOf([
      'id,day,weather,v,w',
      ...Array.from(
        { length: 12 },
        (_, i) => `${i + 1},2024-03-${i + 10},${'sun rain'.split(' ')[i % 2]!},${(i * 7) % 5},${i % 3}`,
      ),
    ])
    const { past, date, leftOut } = chooseColumns(table, {})
    expect([past, date]).toEqual([['v', 'w'], 'day'])
    expect(leftOut.map(({ column }) => column)).toEqual(['id', 'weather'])
    expect(chooseColumns(table, { target: 'v' })).toMatchObject({ past: ['v', 'w'], targets: ['v'] })
    expect(chooseColumns(table, { columns: 'v' }).leftOut.find(({ column }) => column === 'w')!.reason).toBe(
      'not among --columns',
    )
    expect(() => chooseColumns(table, { target: 'x' })).toThrow(
      '--target: expected one of the columns id, day, weather, v, w, got x.',
    )
    expect(() => chooseColumns(table, { target: 'v', known: 'v' })).toThrow(
      '--known: expected columns that are not forecast, got v.',
    )
  })
})

it('a season is found where there is one', () => {
  const values = (make: (t: number) => number): Float64Array => Float64Array.from({ length: 120 }, (_, t) => make(t))
  expect(seasonOf(values((t) => t + 5 * Math.sin((2 * Math.PI * t) / 12)), { unit: 'months', count: 1 })).toBe(12)
  expect(seasonOf(values((t) => [9, 2, 4, 4, 1, 7, 3][t % 7]!), undefined)).toBe(7)
  expect(seasonOf(values((t) => t), undefined)).toBe(0)
  expect(seasonOf(values(() => 3), undefined)).toBe(0)
})
