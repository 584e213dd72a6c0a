import { indexOfLargest, logSoftmax } from '@recurra/tensor'
import * as v from 'valibot'
import { parsedCodec, texts } from '../data/codec.ts'
import { isMissing } from '../data/column.ts'
import { holdOut } from '../data/hold-out.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, expectColumns, placeOf, type Table } from '../data/table.ts'
import { writtenNumber } from '../data/written-number.ts'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'
import { choosing, labelsOf, numberOf } from './labels.ts'
import { chooseInput, columnNotes } from './rows/choose-input.ts'
import { fitInput, inputSchema, signalOf, type InputCodec, type RawRow } from './rows/input-codec.ts'
import { droppedNotes, labelsIn, readRows, type ReadRows } from './rows/read-rows.ts'
import {
  answers, batchesOf, columnsRead, inputInWords, inputsOf, readLike, shortList, withText,
} from './rows/row-data.ts'
import type { Task } from './task.ts'

/** What is needed to read rows and to say their classes. */
export interface ClassifyCodec {
  readonly input: InputCodec
  /** The column of the labels. */
  readonly label: string
  /** The labels by number. */
  readonly labels: readonly string[]
}

const schema = v.object({ input: inputSchema, label: v.string(), labels: texts })

/** Which class a row is of. */
export const classify: Task<ClassifyCodec> = {
  ...choosing,
  about: 'the class of each row',
  heeds: ['tokens', 'text', 'label', 'columns', 'embedding'],
  missing: ['error', 'drop', 'fill', 'mask'],

  dataset(file, args, settings) {
    const table = readTable(file, settings.encoding)
    const label = columnNamed(table, 'label', args['label'], ['label', 'class', 'category', 'target', 'y'])
    const { choice, leftOut, columns } = chooseInput(table, [label], args)
    const read = readRows(table, choice, settings.missing)
    const { rows, notes } = labelled(table, label, read, settings)
    const said = rows.map((row) => row.label)
    const labels = labelsOf(said, `${file}, ${label}`)
    const [train, heldOut] = holdOut(rows, file, settings, said)
    const input = fitInput(choice, train.map(({ raw }) => raw))
    const codec = { input, label, labels }
    return {
      codec, leftOut,
      input: signalOf(input),
      size: labels.length,
      once: true,
      unit: input.kind === 'text' ? input.tokenizer.kind : 'steps',
      train: dataOf(table, train, codec, settings),
      validation: dataOf(table, heldOut, codec, settings),
      notes: [
        ...(table.notes ?? []), ...columnNotes(columns), ...labelNotes(label, labels), ...notes,
        ...inputsOf(input, rows.map(({ raw }) => raw), settings).cut,
      ],
      about: `${counted(rows.length)} rows of ${labels.length} classes (${label}), `
        + `from ${shortList(columnsRead(input))}; ${counted(heldOut.length)} to measure on`,
    }
  },

  aroundTheNetwork: ({ input }) => `${inputInWords(input)}, y a score for each of labels`,
  codecOf: (kept) => parsedCodec(schema, kept),

  dataOf(file, trained, settings, args) {
    const table = readTable(file, settings.encoding)
    const label = args['label'] === undefined ? trained.label : columnNamed(table, 'label', args['label'], [])
    const codec = { ...trained, label, input: withText(table, trained.input, args) }
    expectColumns(table, [...columnsRead(codec.input), label])
    const { rows, notes } = labelled(table, label, readLike(table, codec.input, settings.missing), settings)
    const data = dataOf(table, rows, codec, settings)
    return { ...data, notes: [...(table.notes ?? []), ...notes, ...data.notes] }
  },

  async *predict(model, file, { input: trained, labels }, settings, { args, note }) {
    const table = readTable(file, settings.encoding)
    const input = withText(table, trained, args)
    const read = readLike(table, input, settings.missing)
    for (const one of [...(table.notes ?? []), ...read.notes, ...droppedNotes(table, read.rows)]) note(one)
    for (const { row: { line }, scores, unknown } of await answers(model, table, read.rows, input, settings, note)) {
      const { label, probability } = likeliest(scores, labels)
      const value = { line, label, probability, ...(unknown !== undefined && { unknown }) }
      yield { line: `${line}\t${label ?? ''}\t${probability ?? ''}`, value }
    }
  },
}

/** The class that a model says; nothing where a row is left out. */
const likeliest = (scores: Float64Array | undefined, labels: readonly string[]) => {
  if (!scores) return { label: null, probability: null }
  const logs = logSoftmax(scores, 0, new Float64Array(labels.length))
  const best = indexOfLargest(logs)
  return { label: labels[best]!, probability: Number(Math.exp(logs[best]!).toFixed(4)) }
}

interface LabelledRow {
  readonly line: number
  readonly raw: RawRow
  readonly label: string
}

/** The rows that have all: what is read of them, and a label. */
const labelled = (table: Table, label: string, read: ReadRows, { missing }: Settings) => {
  const labels = labelsIn(table, label, missing)
  const all = table.rows.map(({ line }, i): LabelledRow | undefined => {
    const [raw, said] = [read.rows[i], labels[i]]
    return raw === undefined || said === undefined ? undefined : { line, raw, label: said }
  })
  const notes: Note[] = [...read.notes, ...droppedNotes(table, all)]
  return { rows: all.filter((row) => row !== undefined), notes }
}

const dataOf = (table: Table, rows: readonly LabelledRow[], { input, labels }: ClassifyCodec, settings: Settings) => {
  const { x, notes } = inputsOf(input, rows.map(({ raw }) => raw), settings)
  const target = rows.map(({ label, line }) => numberOf(label, labels, placeOf(table, line)))
  return { ...batchesOf(x, target, settings), notes }
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
    ...[...alike.values()]
      .filter((same) => same.length > 1)
      .map((same) => ({
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
