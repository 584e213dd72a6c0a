import { indexOfLargest, logSoftmaxOf } from '@recurra/tensor'
import { softmaxCrossEntropy, type Data } from '@recurra/training'
import * as v from 'valibot'
import { columnCalled } from '../data/columns.ts'
import { holdOut, measuredOn, parsedCodec, texts } from '../data/examples.ts'
import { writtenNumber } from '../data/number-column.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, isMissing, placeOf, type Table } from '../data/table.ts'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { shareOfRight, type Baseline } from './baselines/baseline.ts'
import { mostFrequent } from '../data/numbers.ts'
import { naiveBayes } from './baselines/naive-bayes.ts'
import { labelsOf, measureClasses, numberOf, share, usualLabels } from './labels.ts'
import { chooseInput, fitInput, inputSchema, type InputCodec } from './rows/input.ts'
import { mostWrong, type WrongRow } from './rows/most-wrong.ts'
import { labelsIn, readRows } from './rows/read-rows.ts'
import {
  answers, batchesOf, columnsRead, exampleRow, examplesOf, inputInWords, readLike, rowDataset, rowFlags, shortList,
  type Example,
} from './rows/row-data.ts'
import type { Measurable, Task } from './task.ts'

/** What is needed to read rows and to say their classes. */
interface ClassifyCodec {
  readonly input: InputCodec
  /** The column of the labels. */
  readonly label: string
  /** The labels by number. */
  readonly labels: readonly string[]
}

const schema = v.object({ input: inputSchema, label: v.string(), labels: texts })

/** Rows to measure on, as they stand, too. */
interface LabelledRows extends Data, Measurable {
  readonly rows: readonly Example<string>[]
}

/** Which class a row is of. */
export const classify: Task<ClassifyCodec, LabelledRows> = {
  about: 'the class of each row',
  heeds: rowFlags,
  missing: ['error', 'drop', 'fill', 'mask'],
  suits: (table) => (columnCalled(table, usualLabels) ? 0.6 : 0.2),
  compares: true,
  loss: () => softmaxCrossEntropy(),
  lossInWords: (loss) => `loss ${loss.toFixed(3)}`,

  dataset(file, args, settings) {
    const table = readTable(file, settings.encoding)
    const label = columnNamed(table, 'label', args['label'], usualLabels)
    const chosen = chooseInput(table, [label], args)
    const read = readRows(table, chosen.choice, settings.missing)
    const { rows, notes } = examplesOf(table, read, labelsIn(table, label, settings.missing))
    const targets = rows.map(({ target }) => target)
    const labels = labelsOf(targets, `${file}, ${label}`)
    const [train, heldOut] = holdOut(rows, file, settings, targets)
    const input = fitInput(chosen.choice, train.map(({ raw }) => raw), settings)
    const codec = { input, label, labels }
    const test = settings.validation === undefined
      ? dataOf(table, heldOut, codec, settings) : classify.dataOf(settings.validation, codec, settings, {})
    return {
      ...rowDataset(chosen, input, rows, settings, [...labelNotes(label, labels), ...notes]),
      codec,
      size: labels.length,
      train: dataOf(table, train, codec, settings),
      validation: test,
      test,
      baselines: () => baselinesOf(train, codec),
      about: `${counted(rows.length)} rows of ${labels.length} classes (${label}), `
        + `from ${shortList(columnsRead(input))}; ${measuredOn(heldOut, settings)}`,
    }
  },

  endpoint: { path: '/predict', example: exampleRow },
  aroundTheNetwork: ({ input }) => `${inputInWords(input)}, y a score for each of labels`,
  codecOf: (kept) => parsedCodec(schema, kept),

  async measure(model, data, { input, labels }, baselines) {
    const measured = await measureClasses(model, data, labels, baselines)
    const header = ['label', 'predicted', 'confidence']
    const judge = (scores: Float64Array, target: string): WrongRow | undefined => {
      const { label, probability } = likeliest(scores, labels)
      return label === target || label === null
        ? undefined : { by: probability, cells: [target, label, share(probability)] }
    }
    const pictures = async () => [
      ...(await measured.pictures!()), await mostWrong(model, data, input, header, judge),
    ]
    return { ...measured, pictures }
  },

  dataOf(file, codec, settings, args) {
    const table = readTable(file, settings.encoding)
    const label = args['label'] === undefined ? codec.label : columnNamed(table, 'label', args['label'], [])
    const { input, ...read } = readLike(table, codec.input, settings, args, [label])
    const { rows, notes } = examplesOf(table, read, labelsIn(table, label, settings.missing))
    const data = dataOf(table, rows, { ...codec, input }, settings)
    return { ...data, notes: [...notes, ...data.notes] }
  },

  async *predict(model, file, { input, labels }, settings, options) {
    const table = readTable(file, settings.encoding)
    for (const { line, scores, ...unknown } of await answers(model, table, input, settings, options)) {
      const { label, probability } = likeliest(scores, labels)
      yield { line: `${line}\t${label ?? ''}\t${probability ?? ''}`, value: { line, label, probability, ...unknown } }
    }
  },
}

/** The class that a model predicts; nothing where a row is left out. */
const likeliest = (scores: Float64Array | undefined, labels: readonly string[]) => {
  if (!scores) return { label: null, probability: null }
  const logs = logSoftmaxOf(scores, 0, new Float64Array(labels.length))
  const best = indexOfLargest(logs)
  return { label: labels[best]!, probability: Number(Math.exp(logs[best]!).toFixed(4)) }
}

const dataOf = (table: Table, rows: readonly Example<string>[], { input, labels }: ClassifyCodec, settings: Settings) =>
  batchesOf(rows, input, settings, (label, { line }) => numberOf(label, labels, placeOf(table, line)))

/** The most frequent label; and of texts, naive Bayes. */
const baselinesOf = (
  train: readonly Example<string>[], { input, labels }: ClassifyCodec,
): readonly Baseline<LabelledRows>[] => {
  const usual = mostFrequent(train.map(({ target }) => target), '')
  const baseline = (name: string, labelOf: (row: Example<string>) => string | undefined): Baseline<LabelledRows> =>
    ({ name, measure: ({ rows }) => shareOfRight(rows.map(labelOf), rows.map(({ target }) => target)) })
  const majority = baseline('always the most frequent label', () => usual)
  if (input.kind !== 'text') return [majority]
  const symbols = ({ raw }: Example<string>): readonly string[] => raw as readonly string[]
  const counted = train.map((row) => ({ symbols: symbols(row), label: labels.indexOf(row.target) }))
  const classOf = naiveBayes(counted, labels.length)
  return [baseline('naive Bayes', (row) => labels[classOf(symbols(row))]), majority]
}

const many = 20 // classes that are numbers

/** What looks as if it were not meant: quantities as classes, and words for missing values. */
const labelNotes = (column: string, labels: readonly string[]): Note[] => {
  const numbers = labels.map((label) => writtenNumber(label, '.') ?? writtenNumber(label, ','))
  const fractions = labels.length > 2 && numbers.some((one) => one && one.decimals > 0)
  const quantities = numbers.every(Boolean) && (labels.length > many || fractions)
  const words = labels.filter(isMissing)
  const alike = new Map<string, string[]>()
  for (const [i, label] of labels.entries()) {
    const plain = String(numbers[i]?.value ?? label.toLowerCase())
    alike.set(plain, [...(alike.get(plain) ?? []), label])
  }
  return [
    ...[...alike.values()].filter((same) => same.length > 1).map((same) => ({
        text:
          `the labels ${same.map((label) => JSON.stringify(label)).join(' and ')} of ${column} ` +
          'are classes of their own, though they differ in spelling alone',
        figures: { alike: same },
      })),
    ...(quantities
      ? [
          {
            text:
              `the labels of ${column} are ${counted(labels.length)} different numbers, each a class of its own; ` +
              'to predict a quantity: --task regress',
            figures: { numericLabels: labels.length },
          },
        ]
      : []),
    ...words.map((word) => ({
      text: `${JSON.stringify(word)} is taken as a label like others; if there is none, leave the cell empty`,
      figures: {},
    })),
  ]
}
