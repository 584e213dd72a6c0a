import { describe, expect, it } from 'vitest'
import type { Table, TableRow } from '../../data/table.ts'
import { chooseInput, columnNotes, encoderOf, fitInput } from './input.ts'
import { droppedNotes, labelsIn, readRows } from './read-rows.ts'

const tableOf = (rows: readonly TableRow['values'][]): Table => ({
  file: 't.csv', columns: Object.keys(rows[0]!), rows: rows.map((values, i) => ({ line: i + 2, values })),
})
const times = (length: number, make: (i: number) => TableRow['values']): Table =>
  tableOf(Array.from({ length }, (_, i) => make(i)))
const day = (i: number): string => `2024-01-0${(i % 9) + 1}`

describe('the input of rows', () => {
  it('is all numbers beside a date, a gap and a category; what is not read is named with its reason', () => {
    const table = times(10, (i) => (
      { date: day(i), a: `${i},5`, b: i === 3 ? '' : `${i * i}`, kind: i % 2 ? 'x' : 'y', none: '', label: 'p' }))
    const { choice, leftOut, columns } = chooseInput(table, ['label'], {})
    expect(choice).toMatchObject({ kind: 'numbers', columns: ['a', 'b'], formats: { a: { decimal: ',' } } })
    expect(leftOut).toEqual([
      { column: 'date', reason: 'a date' },
      { column: 'kind', reason: 'a text' },
      { column: 'none', reason: 'without any value' },
    ])
    expect(columnNotes(columns).map(({ text }) => text)).toEqual(['a: read with decimal commas'])
  })

  it('is a text with a usual name, or prose, beside numbers', () => {
    const named = times(9, (i) => ({ id: `${i}`, 'data.text': 'hi', label: 'p' }))
    expect(chooseInput(named, ['label'], {})).toMatchObject({
      choice: { kind: 'text', column: 'data.text' }, leftOut: [{ column: 'id', reason: 'a number, beside data.text' }],
    })
    const prose = times(9, (i) => ({ stars: `${i % 3}`, said: 'it was so good', label: 'p' }))
    expect(chooseInput(prose, ['label'], {}).choice).toMatchObject({ kind: 'text', column: 'said' })
  })

  it('is what was asked for', () => {
    const table = times(9, (i) => ({ a: `${i * i}`, 'b, c': `${i % 4}`, text: 'hi' }))
    const { choice, leftOut } = chooseInput(table, [], { columns: 'b, c,a' })
    expect(choice).toMatchObject({ columns: ['b, c', 'a'] })
    expect(leftOut).toEqual([{ column: 'text', reason: 'a text, not among --columns' }])
    expect(chooseInput(table, [], { text: 'text' }).choice).toMatchObject({ kind: 'text', column: 'text' })
    expect(() => chooseInput(table, [], { columns: 'a,d' })).toThrow('one of the columns a, b, c, text, got d.')
  })

  it('is a list of numbers, or a list of words as a text', () => {
    const numbers = times(9, (i) => ({ x: [i, 2], note: 'hi' }))
    expect(chooseInput(numbers, [], {}).choice).toMatchObject({ columns: ['x'], list: true })
    const words = times(9, () => ({ tokens: ['so', 'good'] }))
    const { choice } = chooseInput(words, [], {})
    expect(choice).toMatchObject({ kind: 'text', column: 'tokens' })
    expect(readRows(words, choice, 'error').rows[0]).toEqual(['so', 'good'])
  })
})

describe('values that are missing', () => {
  const table = times(9, (i) => ({ a: i === 4 ? 'NA' : `${i}`, b: `${10 * i}` }))
  const { choice } = chooseInput(table, [], {})

  it('are an error with its line, which says what one may do', () => {
    const why = 't.csv, line 6, a: expected a number, got "NA". Mend the cell, or choose with --missing'
    expect(() => readRows(table, choice, 'error')).toThrow(why)
  })

  it('drop their rows, and say which', () => {
    const { rows } = readRows(table, choice, 'drop')
    expect(rows.map((row) => row !== undefined)).toEqual(Array.from({ length: 9 }, (_, i) => i !== 4))
    expect(droppedNotes(table, rows)[0]!.text).toBe('1 of 9 rows left out, because a value is missing (line 6)')
  })

  it('are the mean of the training, which is 0 once it is scaled', () => {
    const { rows, notes } = readRows(table, choice, 'fill')
    const input = fitInput(choice, rows.slice(0, 5) as never)
    expect(input).toMatchObject({ scaler: { mean: [1.5, 20] } })
    expect(encoderOf(input)(rows[4]!)).toEqual([[0], [20 / Math.sqrt(200)]])
    expect(notes[0]!.text).toBe('missing values, or such that are not numbers: 1, filled with the mean of the training')
  })

  it('are masked: each number has another beside it that is 1 where it is missing', () => {
    const masked = chooseInput(table, [], { missing: 'mask' }).choice
    const { rows } = readRows(table, masked, 'mask')
    const encode = encoderOf(fitInput(masked, rows.slice(0, 5) as never))
    expect(encode(rows[4]!).map((step) => (step as number[])[1])).toEqual([1, 0])
    expect(encode(rows[3]!).map((step) => (step as number[])[1])).toEqual([0, 0])
  })

  it('in lists and labels are found, too', () => {
    const lists = times(9, (i) => ({ x: [1, i === 2 ? null : 2] }))
    const choose = chooseInput(lists, [], {}).choice
    expect(() => readRows(lists, choose, 'error')).toThrow('t.csv, line 4, x, step 2: expected a number, got nothing.')
    expect(readRows(lists, choose, 'drop').rows[2]).toBeUndefined()
    const ragged = times(2, (i) => ({ x: i ? [1] : [[1, 2]] }))
    expect(() => readRows(ragged, choose, 'error')).toThrow('of lists of 2 numbers')
    const labels = tableOf([{ label: ' p ' }, { label: ' ' }])
    expect(labelsIn(labels, 'label', 'drop')).toEqual(['p', undefined])
    expect(() => labelsIn(labels, 'label', 'error')).toThrow('t.csv, line 3, label: expected a label, got nothing.')
  })
})

it('columns are scaled each by itself', () => {
  const table = times(9, (i) => ({ small: `0.${i}1`, large: `${1e9 + i}` }))
  const { choice } = chooseInput(table, [], {})
  const { rows } = readRows(table, choice, 'error')
  const [first] = encoderOf(fitInput(choice, rows as never))(rows[0]!) as number[][]
  expect(first![0]).toBeCloseTo(-4 / Math.sqrt(60 / 9), 6)
})
