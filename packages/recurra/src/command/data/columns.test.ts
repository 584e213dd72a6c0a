import { describe, expect, it } from 'vitest'
import { columnsOf, datesIn, numbersIn } from './columns.ts'
import type { ColumnFormat, Table } from './table.ts'

const tableOf = (columns: Readonly<Record<string, readonly unknown[]>>, delimiter = ','): Table => ({
  file: 't.csv', columns: Object.keys(columns), delimiter,
  rows: Object.values(columns)[0]!.map((_, i) => ({
    line: i + 2, values: Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[i]])),
  })),
})
const only = (cells: readonly unknown[], delimiter?: string, known?: ColumnFormat) =>
  columnsOf(tableOf({ v: cells }, delimiter), { v: known ?? {} })[0]!
const times = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i))
const day = (date: string): number => Date.parse(`${date}T00:00:00Z`)

describe('numbers', () => {
  it.each([
    ['with points', ['1.5', '-2', ' 3 ', '+4', '.5', '1e3', '\u22127'], [1.5, -2, 3, 4, 0.5, 1000, -7]],
    ['with decimal commas', ['1,5', '2', '1,5E+03', '-0,25'], [1.5, 2, 1500, -0.25]],
    ['with thousands separators and points', ['1,234.5', '999', '1,234', '12,345,678'], [1234.5, 999, 1234, 12345678]],
    ['with thousands separators and commas', ['1.234,5', '999', '1.234', '12.345.678'], [1234.5, 999, 1234, 12345678]],
    ['with spaces', ['1 234,5', '12\u00A0345', '9\u202F999'], [1234.5, 12345, 9999]],
    ['with apostrophes', ["1'234.5", "12'345"], [1234.5, 12345]],
    ['as India groups them', ['12,34,567.5', '1,234'], [1234567.5, 1234]],
    ['that are numbers of JSON', [1.234, 2, -3e-7], [1.234, 2, -3e-7]],
  ])('%s are understood, and nothing is left to say', (_, cells, values) => {
    const column = only(cells)
    expect(column).toMatchObject({ kind: 'number', missing: [], exceptions: [] })
    expect([...column.values]).toEqual(values)
    expect(column.notes.filter((note) => !note.startsWith('read with'))).toEqual([])
  })

  it('that could be two are decided by a rule, which is said', () => {
    expect([...only(['1,234', '2,345']).values]).toEqual([1234, 2345])
    expect(only(['1,234', '2,345']).notes[0]).toMatch(/^"1,234" is read as 1234, with a decimal point; /)
    expect([...only(['1,234', '2,345'], ';').values]).toEqual([1.234, 2.345])
    expect(only(['1,234', '2,345'], ';').notes[0]).toMatch(/^"1,234" is read as 1.234, with a decimal comma; /)
    expect([...only(['1.234', '2.345']).values]).toEqual([1.234, 2.345])
    expect(only(['1.234', '2.345']).notes).toHaveLength(1)
  })

  it('that could be two are settled by other columns, and by how a model has learned to read them', () => {
    const [a] = columnsOf(tableOf({ a: ['1.234', '2.345'], b: ['0,5', '1,5'] }))
    expect([...a!.values]).toEqual([1234, 2345])
    expect(a!.notes).toEqual(['"1.234" is read as 1234, with a decimal comma, as in other columns'])
    expect([...only(['1,234'], ',', { decimal: ',' }).values]).toEqual([1.234])
  })

  it('may all have one unit; another one is an exception', () => {
    const column = only(['5 °C', '6.5°C', '7 °C', '-1 °C', '3 °F'])
    expect(column).toMatchObject({ kind: 'number', exceptions: [4], notes: ['°C is taken as its unit'] })
    expect([...column.values].slice(0, 4)).toEqual([5, 6.5, 7, -1])
    expect([...only(['$1,200.50', '-$3', '$4']).values]).toEqual([1200.5, -3, 4])
  })

  it('in nearly all cells make a column of numbers; what is none of them is found, by row', () => {
    const others = times(20, (i) => `${i}.5`)
    const cells = ['1', '', '3', 'NA', '0x10', '6', '7', 'Infinity', '9', '1e999', ...others]
    expect(only(cells)).toMatchObject({ kind: 'number', missing: [1, 3], exceptions: [4, 7, 9] })
    expect(only(['1', '2', 'low', 'high'])).toMatchObject({ kind: 'text', notes: ['2 of its 4 values are numbers'] })
  })

  const nothing = ['', ' ', 'NA', 'n/a', 'NaN', 'null', 'None', 'nil', '-', '--', '?', '.', null, undefined, NaN]
  it.each(nothing)('%j is missing', (cell) => {
    expect(only(['1', cell, '2'])).toMatchObject({ missing: [1], exceptions: [] })
  })

  it.each([
    [['7', '7', '7'], 'suspicious: constant, always 7'],
    [times(9, (i) => String(i + 1)), 'suspicious: changes by 1 from row to row, like a row number'],
    [['0123', '4567', '0890'], 'suspicious: "0123" begins with 0, like an identifier'],
    [['1234567890123456789', '2'], 'suspicious: "1234567890123456789" has more digits than a number keeps, like'],
    [times(40, (i) => String(10_000 + ((i * 7919) % 89_989))),
      'suspicious: another one in each row, like an identifier'],
  ])('%j are suspicious', (cells, note) => expect(only(cells).notes[0]).toContain(note))

  it('that programs write where one is missing are named, if they lie far from all others', () => {
    const note = (...stands: unknown[]): string => only([3, 21.5, -4, ...stands, 12]).notes.join('; ')
    expect(note('-999')).toBe(
      '-999 in one row, far from all others (-4 to 21.5); if it means that a value is missing, leave the cell empty',
    )
    expect(note(9999, 9999)).toContain('9999 in 2 rows, far')
    for (const value of [-9999, 999.9, '1e20', -32_768, 99_999, '9.96921e+36'])
      expect(note(value)).toContain('far from')
    for (const value of [-1, 0, 30, 1000, 9]) expect(note(value)).toBe('')
    expect(only(times(20, (i) => String(100 * i + 99))).notes.join()).not.toContain('far from')
    expect(only(times(9, (i) => (i === 4 ? '-999' : '7'))).notes.join()).toContain('-999 in one row')
  })

  it('are true and false, too, where there is nothing else', () => {
    const column = only(['true', 'FALSE', '', 'True'])
    expect(column).toMatchObject({ kind: 'number', missing: [2], notes: ['true is taken as 1, false as 0'] })
    expect([...column.values]).toEqual([1, 0, NaN, 1])
    expect([...only([true, false, null]).values]).toEqual([1, 0, NaN])
    expect([...only(['yes', 'no', 'no']).values]).toEqual([1, 0, 0])
    expect(only(['true', 'no', 'x']).kind).toBe('text')
    expect(only(['1', '2', '3', '4', 'true'])).toMatchObject({ kind: 'number', exceptions: [4] })
  })

  it('of a series that grows are not', () => {
    expect(only(times(200, (i) => String(1234567890 + i * 3 + (i % 5)))).notes).toEqual([])
  })
})

describe('dates', () => {
  it.each([
    ['year first', ['2024-03-01', '2024-03-02'], '2024-03-01'],
    ['day first', ['01.03.2024', '02.03.2024'], '2024-03-01'],
    ['day first', ['1/3/2024', '13/3/2024'], '2024-03-01'],
    ['month first', ['3/1/2024', '3/13/2024'], '2024-03-01'],
    ['month by name', ['Mar 1 2024', 'Mar 2 2024'], '2024-03-01'],
    ['month by name', ['1 March 2024', '2 March 2024'], '2024-03-01'],
    ['year first', ['2024-03', '2024-04'], '2024-03-01'],
  ])('%s are understood: %j', (date, cells, first) => {
    expect(only(cells)).toMatchObject({ kind: 'date', format: { date }, notes: [], exceptions: [] })
    expect(only(cells).values[0]).toBe(day(first))
  })

  it('have times, halves of a day, and zones', () => {
    const at = (cell: string): number => (only([cell]).values[0]! - day('2024-03-01')) / 60_000
    const cells = ['01.03.2024 05:00', '2024-03-01T05:00:00Z', '3/13/2024 3:05 PM']
    expect(cells.map(at)).toEqual([300, 300, 12 * 1440 + 905])
    const changing = only(['2024-03-31T01:30+01:00', '2024-03-31T03:30+02:00'])
    expect(changing.values[1]! - changing.values[0]!).toBe(3_600_000)
    expect(changing.notes).toEqual(['its zones differ, so that its times are those of UTC'])
  })

  it('that could be two are decided by the order of the rows, or by a rule; both is said', () => {
    expect(only(['01/03/2024', '02/03/2024', '01/04/2024'])).toMatchObject({
      format: { date: 'day first' }, notes: ['"01/03/2024" is read with the day first, which puts the rows in order'],
    })
    expect(only(['02/03/2024', '01/03/2024', '03/02/2024'])).toMatchObject({
      format: { date: 'month first' },
      notes: ['"02/03/2024" is read with the month first, as nothing in the file says otherwise'],
    })
    expect(only(['01/03/2024'], ',', { date: 'day first' }).values[0]).toBe(day('2024-03-01'))
  })

  it('of eight digits are no numbers, which is said; a day that does not exist is an exception', () => {
    const note = '"20240301" is read as a date: year, month, day'
    expect(only(['20240301', '20240302'])).toMatchObject({ kind: 'date', notes: [note] })
    const february = only(['2024-02-28', '2024-02-30', '2024-03-01', '', '2024-03-02', '2024-03-03'])
    expect(february).toMatchObject({ kind: 'date', exceptions: [1], missing: [3] })
  })
})

it('values are had with the first that is wrong as an error, or with NaN for them', () => {
  const days = ['2024-01-01', '', ...times(6, (i) => `2024-01-0${i + 3}`)]
  const table = tableOf({ n: ['1', '', '3', 'x', '5', '6', '7', '8'], d: days })
  const first = 't.csv, line 3, n: expected a number, got nothing. 2 rows are like this. Mend the cell'
  expect(() => numbersIn(table, 'n')).toThrow(first)
  expect([...numbersIn(table, 'n', { missing: 'keep' }).values]).toEqual([1, Number.NaN, 3, Number.NaN, 5, 6, 7, 8])
  expect(() => datesIn(table, 'd')).toThrow('t.csv, line 3, d: expected a date, got nothing. Mend')
  expect(datesIn(table, 'd', { missing: 'keep' }).values[2]).toBe(day('2024-01-03'))
  expect(() => datesIn(table, 'n')).toThrow('t.csv, line 2, n: expected a date, such as 2024-03-01')
  const none = 'line 2, w: expected a number, got "a". 2 rows are like this. Choose other columns.'
  expect(() => numbersIn(tableOf({ w: ['a', 'b'] }), 'w', { missing: 'keep' })).toThrow(none)
})

it('lists, texts and nothing at all are what they are', () => {
  const columns = columnsOf(tableOf({ a: [[1], [2]], b: ['x', 'y'], c: ['', null], d: [true, false] }))
  expect(columns.map(({ kind }) => kind)).toEqual(['list', 'text', 'empty', 'number'])
})
