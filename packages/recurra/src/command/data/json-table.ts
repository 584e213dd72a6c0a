import { ValueError } from '@recurra/tensor'
import type { Note } from '../notes.ts'
import { isMissing, isNumeric, type Table, type TableRow } from './table.ts'

type Json = Readonly<Record<string, unknown>>

/** One object per line. A file that is a list of them is read, too. */
export const readJsonLines = (text: string, file: string): Table => {
  const whole = parsed(text)
  if (Array.isArray(whole) && whole.some((one) => typeof one === 'object')) return listed(whole, file)
  if (isObject(whole)) return tableOf(file, [{ line: 1, values: flat(whole, file, 1) }])
  return tableOf(file, text.split('\n').flatMap((written, i): TableRow[] => {
    if (written.trim() === '') return []
    const value = parsed(written)
    if (isObject(value)) return [{ line: i + 1, values: flat(value, file, i + 1) }]
    const [where, got] = [`${file}, line ${i + 1}`, written.slice(0, 40)]
    throw new ValueError({ where, expected: 'an object in JSON, {"…": …}', got, fix: 'Write one object per line.' })
  }))
}

/**
 * A list of objects; a list of lists, the first of which may name the columns (they are called 1, 2, … otherwise); a
 * list of values, whose column is called value; an object of lists of one length, one for each column; or
 * `{ columns, data }`, as pandas writes with `orient='split'`. A file of one object per line is read, too.
 */
export const readJsonFile = (text: string, file: string): Table => {
  const whole = parsed(text)
  if (Array.isArray(whole)) return listed(whole, file)
  if (!isObject(whole)) return readJsonLines(text, file)
  const { columns, data } = whole
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
    return listed([columns, ...data], file)
  const lists = Object.entries(whole) as [string, unknown[]][]
  const fix = 'Write a list of objects: [{"…": …}, …].'
  const expected = 'a list of objects, or an object of lists, one for each column'
  if (lists.length === 0 || !lists.every(([, list]) => Array.isArray(list)))
    throw new ValueError({
      where: file, expected, got: `an object of ${Object.keys(whole).slice(0, 4).join(', ')}`, fix,
    })
  const lengths = lists.map(([, list]) => list.length)
  if (lengths.some((length) => length !== lengths[0]))
    throw new ValueError({ where: file, expected: 'lists of one length', got: lengths.slice(0, 8).join(', '), fix })
  return listed(lists[0]![1].map((_, i) => Object.fromEntries(lists.map(([name, list]) => [name, list[i]]))), file)
}

const listed = (all: readonly unknown[], file: string): Table => {
  const names = namesIn(all, file)
  const objectOf = (one: unknown): Json => {
    if (isObject(one)) return one
    if (!Array.isArray(one)) return { value: one }
    return Object.fromEntries(one.map((value: unknown, i) => [names?.[i] ?? String(i + 1), value]))
  }
  const read = all.map((one, i) => ({ line: i + 1, values: flat(objectOf(one), file, i + 1) }))
  const rows = names ? read.slice(1) : read
  return { ...tableOf(file, rows), ...(names && { columns: names, notes: nameNotes(names, all) }), counts: 'row' }
}

const isText = (value: unknown): value is string => typeof value === 'string'

/**
 * The names of the columns, where the first of several lists holds them: it has texts alone, and they are of another
 * kind than what stands below, or none of them is a value of its column.
 */
const namesIn = (all: readonly unknown[], file: string): string[] | undefined => {
  const [first, ...others] = all
  if (others.length === 0 || !all.every((one) => Array.isArray(one)) || !Array.isArray(first)) return undefined
  const below = others as readonly unknown[][]
  if (first.length === 0 || !first.every(isText)) return undefined
  const names = first.map((name, i) => name.trim() || `column ${i + 1}`)
  const under = (i: number): unknown[] => below.map((row) => row[i]).filter((value) => !isMissing(value))
  const otherKind = names.some((name, i) => {
    const values = under(i)
    const numbers = values.filter((value) => !isText(value) || (!isNumeric(name) && isNumeric(value)))
    return numbers.length > values.length / 2
  })
  if (!otherKind && (names.some(isNumeric) || names.some((name, i) => under(i).includes(name)))) return undefined
  const fault = (row: number, expected: string, got: string): ValueError => {
    const fix = 'Write a list of objects: [{"…": …}, …].'
    return new ValueError({ where: `${file}, row ${row}`, expected, got, fix })
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw fault(1, 'columns with names of their own', `${JSON.stringify(twice)} twice`)
  const long = below.findIndex((row) => row.length > names.length)
  if (long >= 0)
    throw fault(long + 2, `at most ${names.length} values, one for each column`, String(below[long]!.length))
  return names
}

/** Where all are texts, the first list may still be a row. */
const nameNotes = (names: readonly string[], all: readonly unknown[]): Note[] =>
  (all as readonly unknown[][]).every((row) => row.every((value) => isText(value) || isMissing(value)))
    ? [{
      text: `the first list is taken for the names of the columns, ${names.slice(0, 4).join(', ')}; `
        + 'if it is a row, put a list of names before it',
      figures: { namedByRow: names.length },
    }]
    : []

/** The columns are those of all rows, in the order in which they come. */
const tableOf = (file: string, rows: readonly TableRow[]): Table =>
  ({ file, columns: [...new Set(rows.flatMap(({ values }) => Object.keys(values)))], rows })

/** Objects within a row are columns by their path: `data.text`. */
const flat = (object: Json, file: string, line: number): Json => {
  const where = `${file}, line ${line}`
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const add = (within: Json, before: string): void => {
    for (const [name, value] of Object.entries(within)) {
      const path = before + name
      if (isObject(value)) add(value, `${path}.`)
      else if (path in values)
        throw new ValueError({ where, expected: 'one value for each path', got: `two for ${path}`, fix: 'Rename one.' })
      else values[path] = value
    }
  }
  add(object, '')
  return values
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (written: string): unknown => {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}
