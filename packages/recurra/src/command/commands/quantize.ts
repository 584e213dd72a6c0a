import { saveModel } from '@recurra/formats/disk'
import { quantize } from '@recurra/rnn'
import { path } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { expectFree } from '../models/exchange.ts'
import { RunFolder } from '../run-folder.ts'
import { expectHeeded, openRun } from '../tasks/tasks.ts'
import { fileFlags } from './train.ts'

/** `recurra quantize RUN FILE` */
export const quantizing: Command = {
  flags: {
    run: flag.word('the folder of a run'),
    file: flag.word('a file like the training file, on which both models are evaluated'),
    ...fileFlags,
    label: flag.text('column', 'the column with the labels or tags. Default: as in training'),
    out: flag.text(
      'folder', 'save the quantized run in this folder, for all commands but resume. Default: it is only evaluated',
    ),
    force: flag.toggle('overwrite an existing folder'),
  },
  examples: ['recurra quantize run test.txt', 'recurra quantize run test.csv --out small'],

  /** Quantizes the model of a run, and evaluates both on a file. */
  async run(args, output) {
    const { model, task, codec, settings } = await openRun(String(args['run']), args)
    expectHeeded(settings.task, args)
    const out = args['out'] === undefined ? undefined : path(args, 'out')
    if (out !== undefined) expectFree(out, args['force'] === true)
    const small = quantize(model)
    const measured = async (one: typeof model): ReturnType<typeof task.measure> =>
      task.measure(one, task.dataOf(String(args['file']), codec, settings, args), codec)
    const [float32, int8] = [await measured(model), await measured(small)]
    const { description, ...quantization } = small.quantization
    if (out !== undefined) {
      await saveModel(out, small)
      const record = new RunFolder(String(args['run'])).record() // so that what it reads and writes has a meaning there
      await new RunFolder(out).writeRecord({ ...record, measured: int8.figures })
    }
    output.say(
      [
        ...sideBySide(float32.figures, int8.figures), '', description,
        ...(out === undefined ? [] : [`Saved in ${out}.`]),
      ].join('\n'),
      { float32: float32.figures, int8: int8.figures, quantization, ...(out !== undefined && { out }) },
    )
  },
}

type Figures = Readonly<Record<string, unknown>>

/** A line for each figure that is a number, with both values. */
const sideBySide = (float32: Figures, int8: Figures): string[] => {
  const lines = Object.keys(float32).filter((name) => typeof float32[name] === 'number').map((name) =>
    [name, ...[float32, int8].map((figures) => String(Number((figures[name] as number).toPrecision(6))))])
  const all = [['', 'float32', 'int8'], ...lines]
  const width = (column: number): number => Math.max(...all.map((cells) => cells[column]!.length))
  return all.map(([name, before, after]) =>
    `${name!.padEnd(width(0))}  ${before!.padStart(width(1))}  ${after!.padStart(width(2))}`)
}
