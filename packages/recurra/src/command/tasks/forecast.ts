import { sequence } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { evaluate, meanSquaredError, sequences, type Data } from '@recurra/training'
import * as v from 'valibot'
import { table as tableOf } from '../../terminal/table.ts'
import { parsedCodec, scaler, texts } from '../data/codec.ts'
import { readTable } from '../data/read-table.ts'
import { scaled, scalerOf, unscaled, type Scaler } from '../data/scaler.ts'
import { columnNamed, expectColumns, isNumeric, numberIn, type Table } from '../data/table.ts'
import type { Settings } from '../training/settings.ts'
import { counted } from '../units.ts'
import { squaredErrors } from './squared-errors.ts'
import type { Task } from './task.ts'

/** What has to be known to read rows of a time series, and to say how it goes on. */
export interface ForecastCodec {
  readonly columns: readonly string[]
  /** Of the numbers themselves, which the model reads, */
  readonly level: Scaler
  /** and of how they change from row to row, which it foretells: so a series may leave where it has ever been. */
  readonly change: Scaler
}

const schema = v.object({ columns: texts, level: scaler, change: scaler })
const usualWindow = 64 // steps
const mostWindows = 2000 // so that long series are not read again and again in one epoch

/** The next row of a series, always. */
export const forecast: Task<ForecastCodec> = {
  loss: () => meanSquaredError(),

  lesson(file, args, settings) {
    const table = readTable(file)
    const columns = args['columns'] === undefined ? numericIn(table) : String(args['columns']).split(',').map((name) => columnNamed(table, 'columns', name.trim(), []))
    const rows = rowsOf(table, columns)
    const heldOut = Math.max(2, Math.round(rows.length * settings.holdOut))
    const train = rows.slice(0, -heldOut)
    if (train.length < 8) throw new ValueError({ where: file, expected: 'at least 10 rows to learn from', got: String(rows.length), fix: 'Use a longer series.' })
    const codec = { columns, level: scalerOf(train), change: scalerOf(changesIn(train)) }
    return {
      codec,
      input: sequence(columns.length),
      size: columns.length,
      unit: 'rows',
      train: dataOf(train, codec, settings),
      validation: dataOf(rows.slice(-heldOut - 1), codec, settings),
      about: `${counted(rows.length)} rows of ${columns.join(', ')}; the last ${counted(heldOut)} to measure on`,
    }
  },

  codecOf: (kept) => parsedCodec(schema, kept),
  lossInWords: (loss) => `error ${Math.sqrt(loss).toFixed(3)} of the usual change`,

  async measure(model, data, { columns, change }) {
    const { loss, metrics } = await evaluate(model, data, { loss: meanSquaredError(), metrics: { errors: squaredErrors(change) } })
    const { model: own, control } = metrics.errors
    return {
      figures: { loss, columns: Object.fromEntries(columns.map((name, i) => [name, { error: own[i], unchanged: control[i] }])) },
      text: tableOf(['column', 'error', 'if it stayed as it is'], columns.map((name, i) => [name, own[i]!.toPrecision(4), control[i]!.toPrecision(4)])),
    }
  },

  dataOf(file, codec, settings) {
    const table = readTable(file)
    expectColumns(table, codec.columns)
    const rows = rowsOf(table, codec.columns)
    if (rows.length < 2) throw new ValueError({ where: file, expected: 'at least two rows', got: String(rows.length), fix: 'Use a longer series.' })
    return dataOf(rows, codec, settings)
  },

  async *predict(model, file, { columns, level, change }, _, { length }) {
    const table = readTable(file)
    expectColumns(table, columns)
    using stream = model.stream()
    yield { line: columns.join(','), value: { columns } }
    const rows = rowsOf(table, columns)
    for (const row of rows.slice(0, -1)) stream.step(scaled(row, level))
    let row = rows.at(-1)!
    for (let n = 0; n < length; n++) {
      const changes = unscaled(model.backend.read(stream.step(scaled(row, level))), change)
      row = row.map((value, i) => value + changes[i]!)
      yield { line: row.map((value) => Number(value.toPrecision(6))).join(','), value: Object.fromEntries(columns.map((name, i) => [name, row[i]])) }
    }
  },
}

const numericIn = (table: Table): string[] => {
  const columns = table.columns.filter((column) => table.rows.every(({ values }) => isNumeric(values[column])))
  if (columns.length > 0) return columns
  throw new ValueError({ where: table.file, expected: 'a column of numbers', got: `none among ${table.columns.join(', ')}`, fix: 'Say which with --columns; then the first row that has none is named.' })
}

const rowsOf = (table: Table, columns: readonly string[]): number[][] => table.rows.map((row) => columns.map((column) => numberIn(table, row, column)))

const changesIn = (rows: readonly (readonly number[])[]): number[][] => rows.slice(1).map((row, t) => row.map((value, i) => value - rows[t]![i]!))

/** Windows over the rows, which overlap where there are few: what the model reads, and how each row changes into the next. */
const dataOf = (rows: readonly (readonly number[])[], { level, change }: ForecastCodec, { window = usualWindow, batch }: Settings): Data => {
  const pairs = rows.length - 1 // of a row and the next
  const [x, target] = [rows.slice(0, -1).map((row) => scaled(row, level)), changesIn(rows).map((row) => scaled(row, change))]
  const steps = Math.min(window, Math.max(2, Math.ceil(pairs / 4)))
  const stride = Math.max(1, Math.ceil((pairs - steps) / mostWindows))
  const starts = Array.from({ length: Math.max(0, Math.floor((pairs - steps) / stride)) + 1 }, (_, i) => i * stride)
  return sequences({ x: starts.map((from) => x.slice(from, from + steps)), target: starts.map((from) => target.slice(from, from + steps)), batch })
}
