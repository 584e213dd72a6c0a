import { meanSquaredError } from '@recurra/training'
import * as v from 'valibot'
import { columnCalled, numbersIn } from '../data/columns.ts'
import { holdOut, measuredOn, parsedCodec, scaler, texts } from '../data/examples.ts'
import { scaled, scalerOf, unscaled, type Scaler } from '../data/numbers.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, columnsNamed, type Column, type ColumnFormat, type Table } from '../data/table.ts'
import { counted } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { areQuantities, usualLabels } from './labels.ts'
import { measureQuantities, type QuantityRows } from './measure-quantities.ts'
import { chooseInput, columnNotes, fitInput, inputSchema, type InputCodec } from './rows/input.ts'
import { readRows } from './rows/read-rows.ts'
import {
  answers, batchesOf, columnsRead, exampleRow, examplesOf, inputInWords, readLike, rowDataset, rowFlags, shortList,
  type Example,
} from './rows/row-data.ts'
import type { Task } from './task.ts'

/** What is needed to read rows and to say their quantities. */
interface RegressCodec {
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
const usualTargets = ['target', 'y', 'label', 'value']

/** How much: one or more numbers for each row. */
export const regress: Task<RegressCodec, QuantityRows> = {
  about: 'one or more quantities of each row',
  heeds: rowFlags,
  missing: ['error', 'drop', 'fill', 'mask'],
  suits: (table) => {
    const label = columnCalled(table, usualLabels)
    return label && areQuantities(label) ? 0.8 : 0
  },
  loss: () => meanSquaredError(),

  dataset(file, args, settings) {
    const [table, named] = [readTable(file, settings.encoding), args['label']]
    const targets = named === undefined
      ? [columnNamed(table, 'label', named, usualTargets)] : columnsNamed(table, 'label', String(named))
    const chosen = chooseInput(table, targets, args)
    const quantities = quantitiesIn(table, targets, {}, settings)
    const read = readRows(table, chosen.choice, settings.missing)
    const { rows, notes } = examplesOf(table, read, rowsOf(quantities))
    const [train, heldOut] = holdOut(rows, file, settings)
    const input = fitInput(chosen.choice, train.map(({ raw }) => raw), settings)
    const codec = {
      input, targets, scaler: scalerOf(train.map(({ target }) => target)),
      formats: Object.fromEntries(quantities.map(({ name, format }) => [name, format])),
      decimals: quantities.map(({ decimals }) => decimals),
    }
    const test = settings.validation === undefined
      ? dataOf(heldOut, codec, settings) : regress.dataOf(settings.validation, codec, settings, {})
    return {
      ...rowDataset(chosen, input, rows, settings, [...columnNotes(quantities), ...notes]),
      codec, size: targets.length,
      train: dataOf(train, codec, settings),
      validation: test,
      test,
      about: `${counted(rows.length)} rows, ${targets.join(', ')} from ${shortList(columnsRead(input))}; `
        + measuredOn(heldOut, settings),
    }
  },

  endpoint: { path: '/predict', example: exampleRow },
  aroundTheNetwork: ({ input }) => `${inputInWords(input)}, and a quantity is y · deviation + mean of scaler`,
  codecOf: (kept) => parsedCodec(schema, kept),
  lossInWords: (loss) => `RMSE ${Math.sqrt(loss).toFixed(3)} of the deviation`,

  measure: measureQuantities,

  dataOf(file, codec, settings, args) {
    const table = readTable(file, settings.encoding)
    const { input, ...read } = readLike(table, codec.input, settings, args, codec.targets)
    const quantities = quantitiesIn(table, codec.targets, codec.formats, settings)
    const { rows, notes } = examplesOf(table, read, rowsOf(quantities))
    const data = dataOf(rows, { ...codec, input }, settings)
    return { ...data, notes: [...notes, ...data.notes] }
  },

  async *predict(model, file, { input, targets, decimals, scaler: scale }, settings, options) {
    const table = readTable(file, settings.encoding)
    const all = await answers(model, table, input, settings, options)
    yield { line: [`${table.counts ?? 'line'}`, ...targets].join('\t'), value: { targets }, header: true }
    const digits = decimals.map((written, i) => digitsFor(written, scale.deviation[i]!))
    for (const { line, scores, ...unknown } of all) {
      const values = scores && unscaled(scores, scale)
      const predicted = Object.fromEntries(targets.map((name, i) => [name, values?.[i] ?? null]))
      const cells = targets.map((_, i) => values?.[i]!.toFixed(digits[i]) ?? '')
      yield { line: [line, ...cells].join('\t'), value: { line, predicted, ...unknown } }
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

/** The quantities of each row; nothing where one of them is missing. */
const rowsOf = (quantities: readonly Column[]): (number[] | undefined)[] =>
  Array.from(quantities[0]!.values, (_, row) => {
    const target = quantities.map(({ values }) => values[row]!)
    return target.some(Number.isNaN) ? undefined : target
  })

const dataOf = (rows: readonly Example<number[]>[], { input, scaler: scale }: RegressCodec, settings: Settings) =>
  batchesOf(rows, input, settings, (target) => scaled(target, scale))
