import { evaluate, meanSquaredError } from '@recurra/training'
import * as v from 'valibot'
import { table as tableOf } from '../../terminal/table.ts'
import { parsedCodec, scaled, scaler, scalerOf, texts, unscaled, type Scaler } from '../data/codec.ts'
import type { ColumnFormat } from '../data/column.ts'
import { numbersIn } from '../data/columns.ts'
import { holdOut } from '../data/hold-out.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, columnsNamed, expectColumns, type Table } from '../data/table.ts'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { quantityErrors } from './quantity-errors.ts'
import { chooseInput, columnNotes } from './rows/choose-input.ts'
import { fitInput, inputSchema, signalOf, type InputCodec, type RawRow } from './rows/input-codec.ts'
import { droppedNotes, readRows, type ReadRows } from './rows/read-rows.ts'
import {
  answers, batchesOf, columnsRead, inputInWords, inputsOf, readLike, shortList, withText,
} from './rows/row-data.ts'
import type { Task } from './task.ts'

/** What is needed to read rows and to say their quantities. */
export interface RegressCodec {
  readonly input: InputCodec
  /** The columns of the quantities, */
  readonly targets: readonly string[]
  /** how they are written, by name, */
  readonly formats: Readonly<Record<string, ColumnFormat>>
  /** how many digits each has behind the decimal sign, */
  readonly decimals: readonly number[]
  /** and how they are scaled. */
  readonly scaler: Scaler
}

const schema = v.object({
  input: inputSchema, targets: texts, decimals: v.array(v.number()), scaler,
  formats: v.record(v.string(), v.object({ decimal: v.optional(v.picklist(['.', ','])) })),
})
const header = ['target', 'R2', 'MAE', 'RMSE', 'MAE of the mean', 'RMSE of the mean']
const usualTargets = ['target', 'y', 'label', 'value']

/** How much: one or more numbers for each row. */
export const regress: Task<RegressCodec> = {
  about: 'one or more quantities of each row',
  heeds: ['tokens', 'text', 'label', 'columns', 'embedding'],
  missing: ['error', 'drop', 'fill', 'mask'],
  loss: () => meanSquaredError(),

  dataset(file, args, settings) {
    const table = readTable(file, settings.encoding)
    const named = args['label']
    const targets = named === undefined
      ? [columnNamed(table, 'label', named, usualTargets)] : columnsNamed(table, 'label', String(named))
    const { choice, leftOut, columns } = chooseInput(table, targets, args)
    const quantities = quantitiesIn(table, targets, {}, settings)
    const read = readRows(table, choice, settings.missing)
    const { rows, notes } = measured(table, quantities.map(({ values }) => values), read)
    const [train, heldOut] = holdOut(rows, file, settings)
    const codec = {
      input: fitInput(choice, train.map(({ raw }) => raw)),
      targets,
      formats: Object.fromEntries(quantities.map(({ name, format }) => [name, format])),
      decimals: quantities.map(({ decimals }) => decimals),
      scaler: scalerOf(train.map(({ target }) => target)),
    }
    const { input } = codec
    return {
      codec, leftOut,
      input: signalOf(input),
      size: targets.length,
      once: true,
      unit: input.kind === 'text' ? input.tokenizer.kind : 'steps',
      train: dataOf(train, codec, settings),
      validation: dataOf(heldOut, codec, settings),
      notes: [
        ...(table.notes ?? []), ...columnNotes([...columns, ...quantities]), ...notes,
        ...inputsOf(input, rows.map(({ raw }) => raw), settings).cut,
      ],
      about: `${counted(rows.length)} rows, ${targets.join(', ')} from ${shortList(columnsRead(input))}; `
        + `${counted(heldOut.length)} to measure on`,
    }
  },

  aroundTheNetwork: ({ input }) => `${inputInWords(input)}, and a quantity is y · deviation + mean of scaler`,
  codecOf: (kept) => parsedCodec(schema, kept),
  lossInWords: (loss) => `RMSE ${Math.sqrt(loss).toFixed(3)} of the deviation`,

  async measure(model, data, { scaler: scale, targets }) {
    const metrics = { errors: quantityErrors(scale) }
    const { loss, metrics: { errors } } = await evaluate(model, data, { loss: meanSquaredError(), metrics })
    const figures = errors.map(({ mean, ...own }) => ({ ...own, mean }))
    const digits = (value: number): string => (Number.isNaN(value) ? '-' : value.toPrecision(4))
    const worse = targets.filter((_, i) => !(errors[i]!.rmse < errors[i]!.mean.rmse))
    return {
      figures: { loss, targets: Object.fromEntries(targets.map((name, i) => [name, figures[i]])) },
      text: [
        ...(worse.length > 0 ? [`${worse.join(', ')}: not better than always the mean of the training`] : []),
        tableOf(header, errors.map(({ r2, mae, rmse, mean }, i) =>
          [targets[i]!, Number.isNaN(r2) ? '-' : r2.toFixed(3), ...[mae, rmse, mean.mae, mean.rmse].map(digits)])),
      ].join('\n'),
    }
  },

  dataOf(file, trained, settings, args) {
    const table = readTable(file, settings.encoding)
    const codec = { ...trained, input: withText(table, trained.input, args) }
    expectColumns(table, [...columnsRead(codec.input), ...codec.targets])
    const quantities = quantitiesIn(table, codec.targets, codec.formats, settings)
    const read = readLike(table, codec.input, settings.missing)
    const { rows, notes } = measured(table, quantities.map(({ values }) => values), read)
    const data = dataOf(rows, codec, settings)
    return { ...data, notes: [...(table.notes ?? []), ...notes, ...data.notes] }
  },

  async *predict(model, file, { input: trained, targets, decimals, scaler: scale }, settings, { args, note }) {
    const table = readTable(file, settings.encoding)
    const input = withText(table, trained, args)
    const read = readLike(table, input, settings.missing)
    for (const one of [...(table.notes ?? []), ...read.notes, ...droppedNotes(table, read.rows)]) note(one)
    yield { line: [`${table.counts ?? 'line'}`, ...targets].join('\t'), value: { targets } }
    const digits = decimals.map((written, i) => digitsFor(written, scale.deviation[i]!))
    for (const { row: { line }, scores, unknown } of await answers(model, table, read.rows, input, settings, note)) {
      const values = scores && unscaled(scores, scale)
      const predicted = Object.fromEntries(targets.map((name, i) => [name, values?.[i] ?? null]))
      const cells = targets.map((_, i) => values?.[i]!.toFixed(digits[i]) ?? '')
      yield { line: [line, ...cells].join('\t'), value: { line, predicted, ...(unknown !== undefined && { unknown }) } }
    }
  },
}

/** As many digits as the data has; more where these hide a fifth of how it spreads, as in counts of 0 and 1. */
const digitsFor = (written: number, deviation: number): number =>
  Math.min(20, Math.max(written, Math.ceil(-Math.log10(deviation / 5))))

const quantitiesIn = (
  table: Table, targets: readonly string[], formats: Readonly<Record<string, ColumnFormat>>, { missing }: Settings,
) => {
  const advice = 'A quantity cannot be filled in: mend the row, or leave such rows out with --missing drop.'
  return targets.map((name) =>
    numbersIn(table, name, { missing: missing === 'drop' ? 'keep' : 'error', known: formats[name], advice }))
}

interface MeasuredRow {
  readonly raw: RawRow
  readonly target: number[]
}

/** The rows that have all: what is read of them, and each quantity. */
const measured = (table: Table, quantities: readonly Float64Array[], read: ReadRows) => {
  const all = read.rows.map((raw, i): MeasuredRow | undefined => {
    const target = quantities.map((values) => values[i]!)
    return raw === undefined || target.some(Number.isNaN) ? undefined : { raw, target }
  })
  const notes: Note[] = [...read.notes, ...droppedNotes(table, all)]
  return { rows: all.filter((row) => row !== undefined), notes }
}

const dataOf = (rows: readonly MeasuredRow[], { input, scaler: scale }: RegressCodec, settings: Settings) => {
  const { x, notes } = inputsOf(input, rows.map(({ raw }) => raw), settings)
  return { ...batchesOf(x, rows.map(({ target }) => scaled(target, scale)), settings), notes }
}
