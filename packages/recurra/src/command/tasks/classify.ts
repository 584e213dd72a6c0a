import { sequence } from '@recurra/layers'
import { indexOfLargest, logSoftmax } from '@recurra/tensor'
import { predict, sequences, Tokenizer, type Data } from '@recurra/training'
import { holdOut } from '../data/hold-out.ts'
import { readTable } from '../data/read-table.ts'
import { columnNamed, expectColumns, textIn, type Table } from '../data/table.ts'
import type { Settings } from '../training/settings.ts'
import { counted } from '../units.ts'
import { parseClassifyCodec, type ClassifyCodec } from './classify-codec.ts'
import { columnsOf, inputOf, readerFor } from './classify-input.ts'
import { choosing, labelsOf, numberOf } from './labels.ts'
import type { Task } from './task.ts'

const usualWindow = 256 // steps

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
      about: `${counted(table.rows.length)} rows of ${labels.length} classes (${label}), from ${shortList(columnsOf(input))}; ${counted(heldOut.length)} to measure on`,
    }
  },

  codecOf: parseClassifyCodec,

  dataOf: (file, codec, settings) => dataOf(readTable(file), codec, settings),

  async *predict(model, file, codec, settings) {
    const table = readTable(file)
    expectColumns(table, columnsOf(codec.input))
    const read = readerFor(codec.input, settings.window ?? usualWindow)
    const x = table.rows.map((row) => read(table, row))
    const data = sequences({ x: x as number[][], target: x.map(() => 0), batch: settings.batch })
    let done = 0
    for await (const { y } of predict(model, data)) {
      const scores = model.backend.read(y)
      for (let b = 0; b < data.batch && done < x.length; b++) {
        const logs = logSoftmax(scores, b * codec.labels.length, new Float64Array(codec.labels.length))
        const best = indexOfLargest(logs)
        const { line } = table.rows[done++]!
        const [label, probability] = [codec.labels[best]!, Number(Math.exp(logs[best]!).toFixed(4))]
        yield { line: `${line}\t${label}\t${probability}`, value: { line, label, probability } }
      }
    }
  },
}

const shortList = (names: readonly string[]): string => (names.length > 4 ? `${names[0]}, ${names[1]}, … ${names.at(-1)}` : names.join(', '))

const dataOf = (table: Table, codec: ClassifyCodec, settings: Settings): Data => {
  expectColumns(table, [...columnsOf(codec.input), codec.label])
  const read = readerFor(codec.input, settings.window ?? usualWindow)
  const x = table.rows.map((row) => read(table, row))
  const target = table.rows.map((row) => numberOf(textIn(table, row, codec.label), codec.labels, `${table.file}, line ${row.line}`))
  return sequences({ x: x as number[][], target, batch: settings.batch, buckets: 6 })
}
