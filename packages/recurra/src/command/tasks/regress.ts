import { toNested } from '@recurra/tensor'
import { evaluate, meanSquaredError, type Metric } from '@recurra/training'
import * as v from 'valibot'
import { table as tableOf } from '../../terminal/table.ts'
import { numbersIn } from '../data/columns.ts'
import { holdOut, measuredOn, parsedCodec, scaler, texts } from '../data/examples.ts'
import { meanOf, scaled, scalerOf, unscaled, type Scaler } from '../data/numbers.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, columnsNamed, type Column, type ColumnFormat, type Table } from '../data/table.ts'
import { counted } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { chooseInput, columnNotes, fitInput, inputSchema, type InputCodec } from './rows/input.ts'
import { readRows } from './rows/read-rows.ts'
import {
  answers, batchesOf, columnsRead, examplesOf, inputInWords, readLike, rowDataset, rowFlags, shortList, type Example,
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
const header = ['target', 'R2', 'MAE', 'RMSE', 'MAE of the mean', 'RMSE of the mean']
const usualTargets = ['target', 'y', 'label', 'value']

/** How much: one or more numbers for each row. */
export const regress: Task<RegressCodec> = {
  about: 'one or more quantities of each row',
  heeds: rowFlags,
  missing: ['error', 'drop', 'fill', 'mask'],
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
    return {
      ...rowDataset(chosen, input, rows, settings, [...columnNotes(quantities), ...notes]),
      codec, size: targets.length,
      train: dataOf(train, codec, settings),
      validation: settings.validation === undefined
        ? dataOf(heldOut, codec, settings) : regress.dataOf(settings.validation, codec, settings, {}),
      about: `${counted(rows.length)} rows, ${targets.join(', ')} from ${shortList(columnsRead(input))}; `
        + measuredOn(heldOut, settings),
    }
  },

  aroundTheNetwork: ({ input }) => `${inputInWords(input)}, and a quantity is y · deviation + mean of scaler`,
  codecOf: (kept) => parsedCodec(schema, kept),
  lossInWords: (loss) => `RMSE ${Math.sqrt(loss).toFixed(3)} of the deviation`,

  async measure(model, data, { scaler: scale, targets }) {
    const metrics = { errors: quantityErrors(scale) }
    const { loss, metrics: { errors } } = await evaluate(model, data, { loss: meanSquaredError(), metrics })
    const digits = (value: number): string => (Number.isNaN(value) ? '-' : value.toPrecision(4))
    const worse = targets.filter((_, i) => !(errors[i]!.rmse < errors[i]!.mean.rmse))
    const judged = worse.length > 0 ? `${worse.join(', ')}: NOT better` : 'better'
    const { rmse, mean: { rmse: ofMean } } = errors[Math.max(0, targets.indexOf(worse[0]!))]!
    const each = Object.fromEntries(targets.map((name, i) => [name, errors[i]]))
    return {
      figures: { loss, targets: each, beatsBaselines: worse.length === 0 },
      verdict: `${judged} than always the mean of the training: RMSE ${digits(rmse)}, the mean ${digits(ofMean)}`,
      text: tableOf(header, errors.map(({ r2, mae, rmse, mean }, i) =>
        [targets[i]!, Number.isNaN(r2) ? '-' : r2.toFixed(3), ...[mae, rmse, mean.mae, mean.rmse].map(digits)])),
    }
  },

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
    yield { line: [`${table.counts ?? 'line'}`, ...targets].join('\t'), value: { targets } }
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

/** How far predictions of one quantity are from what it was, in its own unit. */
interface QuantityErrors {
  /** The share of the variance that is explained: 1 is perfect, 0 as good as the mean; NaN without variance. */
  readonly r2: number
  readonly mae: number
  readonly rmse: number
  /** Of the guess that it is always the mean of the training. */
  readonly mean: { readonly mae: number; readonly rmse: number }
}

/** Compares quantities with what was predicted, once they have the size that they had. Each row counts once. */
export const quantityErrors = (scale: Scaler): Metric<readonly QuantityErrors[]> => {
  let pairs: { readonly predicted: readonly number[]; readonly target: readonly number[] }[] = []
  return {
    add({ y, target, counts }) {
      const [predicted, targets] = [toNested(y), toNested(target)] as [number[][], number[][]]
      const counting = counts && (toNested(counts) as (number | number[])[]).map((one) => [one].flat()[0]!)
      predicted.forEach((row, b) => {
        if (counting && !(counting[b]! > 0)) return
        pairs.push({ predicted: unscaled(row, scale), target: unscaled(targets[b]!, scale) })
      })
    },
    get value() {
      return scale.mean.map((mean, i): QuantityErrors => {
        const targets = pairs.map(({ target }) => target[i]!)
        const square = (errors: readonly number[]): number => meanOf(errors.map((error) => error ** 2))
        const sizeOf = (errors: readonly number[]): { readonly mae: number; readonly rmse: number } =>
          ({ mae: meanOf(errors.map(Math.abs)), rmse: Math.sqrt(square(errors)) })
        const errors = pairs.map(({ predicted, target }) => predicted[i]! - target[i]!)
        const middle = meanOf(targets)
        const variance = square(targets.map((value) => value - middle))
        return {
          r2: variance > 0 ? 1 - square(errors) / variance : Number.NaN,
          ...sizeOf(errors), mean: sizeOf(targets.map((value) => mean - value)),
        }
      })
    },
    reset() {
      pairs = []
    },
  }
}
