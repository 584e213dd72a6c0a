import { sequence } from '@recurra/layers'
import { indexOfLargest, logSoftmax } from '@recurra/tensor'
import { predict, sequences, Tokenizer, type Data } from '@recurra/training'
import type { Parsed } from '../../terminal/options.ts'
import { holdOut } from '../data/hold-out.ts'
import { cutNotes, maxStepsFor } from '../data/long-sequences.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, expectColumns, textIn, type Table } from '../data/table.ts'
import { UnknownSymbols } from '../data/unknown-symbols.ts'
import type { Settings } from '../training/settings.ts'
import { counted } from '../units.ts'
import { parseClassifyCodec, type ClassifyCodec } from './classify-codec.ts'
import { columnsOf, inputOf, readerFor } from './classify-input.ts'
import { choosing, labelsOf, numberOf } from './labels.ts'
import type { Measurable, Note, Task } from './task.ts'

/** Which class a row is of. */
export const classify: Task<ClassifyCodec> = {
  ...choosing,

  lesson(file, args, settings) {
    const table = readTable(file)
    const label = columnNamed(table, 'label', args['label'], ['label', 'class', 'category', 'target', 'y'])
    const said = table.rows.map((row) => textIn(table, row, label))
    const labels = labelsOf(said, `${file}, ${label}`)
    const [train, heldOut] = holdOut(table.rows, file, settings, said)
    const input = inputOf({ ...table, rows: train }, label, args)
    const [codec, tokenizer] = [{ input, label, labels }, input.kind === 'text' ? Tokenizer.from(input.tokenizer) : undefined]
    return {
      codec,
      input: input.kind === 'numbers' ? sequence(input.scaler.mean.length) : tokenizer!.tokens,
      size: labels.length,
      once: true,
      unit: tokenizer?.kind ?? 'steps',
      train: dataOf({ ...table, rows: train }, codec, settings),
      validation: dataOf({ ...table, rows: heldOut }, codec, settings),
      notes: inputsOf(table, codec, settings).cut,
      about: `${counted(table.rows.length)} rows of ${labels.length} classes (${label}), from ${shortList(columnsOf(input))}; ${counted(heldOut.length)} to measure on`,
    }
  },

  codecOf: parseClassifyCodec,

  dataOf(file, codec, settings, args) {
    const table = readTable(file)
    return dataOf(table, withColumns(table, codec, args), settings)
  },

  async *predict(model, file, trained, settings, { args, note }) {
    const table = readTable(file)
    const codec = withColumns(table, trained, args)
    expectColumns(table, columnsOf(codec.input))
    const { x, unknown, cut, notes } = inputsOf(table, codec, settings)
    for (const each of [...cut, ...notes]) note(each)
    const data = sequences({ x, target: x.map(() => 0), batch: settings.batch, buckets: 6, maxSteps: maxStepsFor(settings) })
    const said: { readonly label: string; readonly probability: number }[] = []
    for await (const { y, batch: { members = [] } } of predict(model, data)) {
      const scores = model.backend.read(y)
      members.forEach((member, b) => {
        const logs = logSoftmax(scores, b * codec.labels.length, new Float64Array(codec.labels.length))
        const best = indexOfLargest(logs)
        said[member] = { label: codec.labels[best]!, probability: Number(Math.exp(logs[best]!).toFixed(4)) }
      })
    }
    for (const [i, { line }] of table.rows.entries()) {
      const { label, probability } = said[i]!
      const value = { line, label, probability, ...(codec.input.kind === 'text' && { unknown: unknown[i]! }) }
      yield { line: `${line}\t${label}\t${probability}`, value }
    }
  },
}

const shortList = (names: readonly string[]): string => (names.length > 4 ? `${names[0]}, ${names[1]}, … ${names.at(-1)}` : names.join(', '))

/** The columns that flags name, in place of those of the training. */
const withColumns = (table: Table, codec: ClassifyCodec, { text, label }: Parsed): ClassifyCodec => ({
  ...codec,
  ...(text !== undefined && codec.input.kind === 'text' && { input: { ...codec.input, column: columnNamed(table, 'text', text, []) } }),
  ...(label !== undefined && { label: columnNamed(table, 'label', label, []) }),
})

/** What a model reads of rows. */
interface Inputs {
  readonly x: number[][]
  /** How many symbols of each are not known, */
  readonly unknown: readonly number[]
  /** what is to be said of that, */
  readonly notes: readonly Note[]
  /** and of rows that are longer than a window. */
  readonly cut: readonly Note[]
}

const inputsOf = (table: Table, { input }: ClassifyCodec, { window = Infinity }: Settings): Inputs => {
  const symbols = input.kind === 'text' ? new UnknownSymbols(Tokenizer.from(input.tokenizer)) : undefined
  const read = readerFor(input, symbols)
  const unknown: number[] = []
  const all = table.rows.map((row) => {
    const before = symbols?.count ?? 0
    const steps = read(table, row)
    unknown.push((symbols?.count ?? 0) - before)
    return steps
  })
  const done = `the first ${counted(window)} steps of each are read (--window)`
  const cut = cutNotes(all.map(({ length }) => length), window, 'rows', done)
  return { x: all.map((steps) => steps.slice(0, window)) as number[][], unknown, notes: symbols?.notes() ?? [], cut }
}

const dataOf = (table: Table, codec: ClassifyCodec, settings: Settings): Data & Measurable => {
  expectColumns(table, [...columnsOf(codec.input), codec.label])
  const { x, notes, cut } = inputsOf(table, codec, settings)
  const target = table.rows.map((row) => numberOf(textIn(table, row, codec.label), codec.labels, `${table.file}, line ${row.line}`))
  const data = sequences({ x, target, batch: settings.batch, buckets: 6, maxSteps: maxStepsFor(settings) })
  return { ...data, notes: [...cut, ...notes] }
}
