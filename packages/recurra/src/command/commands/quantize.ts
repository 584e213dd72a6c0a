import { resolve } from 'node:path'
import { saveModel } from '@recurra/formats/disk'
import { quantize } from '@recurra/rnn'
import { flagError, path } from '../../terminal/options.ts'
import { table } from '../../terminal/table.ts'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { expectFree } from '../models/exchange.ts'
import { RunFolder } from '../run-folder.ts'
import { expectHeeded, openRun } from '../tasks/tasks.ts'
import { fileFlags } from '../training/training-flags.ts'

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
    const { folder, model, task, codec, settings } = await openRun(String(args['run']), args)
    expectHeeded(settings.task, args)
    const out = args['out'] === undefined ? undefined : path(args, 'out')
    if (out !== undefined) {
      expectFree(out, args['force'] === true)
      if (resolve(out) === resolve(folder.path))
        throw flagError('out', 'another folder than that of the run, whose float32 model would be gone', out)
    }
    const small = quantize(model)
    const measured = async (one: typeof model): ReturnType<typeof task.measure> =>
      task.measure(one, task.dataOf(String(args['file']), codec, settings, args), codec)
    const [float32, int8] = [await measured(model), await measured(small)]
    const { description, ...quantization } = small.quantization
    if (out !== undefined) {
      // Of a run that was there nothing may stay: resume would take its checkpoints for those of this one.
      const saved = await RunFolder.create(out, { force: true })
      await saveModel(out, small)
      await saved.writeRecord({ ...folder.record(), measured: int8.figures })
    }
    output.say(
      [
        sideBySide(float32.figures, int8.figures), '', description,
        ...(out === undefined ? [] : [`Saved in ${out}.`]),
      ].join('\n'),
      { float32: float32.figures, int8: int8.figures, quantization, ...(out !== undefined && { out }) },
    )
  },
}

type Figures = Readonly<Record<string, unknown>>

/** A line for each figure that is a number, with both values. */
const sideBySide = (float32: Figures, int8: Figures): string => {
  const rounded = (value: unknown): number => Number((value as number).toPrecision(6))
  const names = Object.keys(float32).filter((name) => typeof float32[name] === 'number')
  return table(['', 'float32', 'int8'], names.map((name) => [name, rounded(float32[name]), rounded(int8[name])]))
}
