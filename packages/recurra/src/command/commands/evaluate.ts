import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { expectHeeded, openRun } from '../tasks/tasks.ts'
import { fileFlags } from './train.ts'

/** `recurra evaluate RUN FILE` */
export const evaluate: Command = {
  flags: {
    run: flag.word('the folder of a run'),
    file: flag.word('a file like the one that it learned from'),
    ...fileFlags,
    label: flag.text('column', 'the column with the labels or tags; as in training without it'),
  },
  examples: ['recurra evaluate run other.txt', 'recurra evaluate run test.csv --json'],

  /** Measures the model of a run on a file. */
  async run(args, output) {
    const { model, task, codec, settings } = await openRun(String(args['run']), args)
    expectHeeded(settings.task, args)
    const data = task.dataOf(String(args['file']), codec, settings, args)
    const { verdict, text, figures } = await task.measure(model, data, codec)
    const notes = data.notes ?? []
    const [said, counted] = [notes.map((note) => note.text), notes.map((note) => note.figures)]
    output.say(
      [...(verdict === undefined ? [] : [verdict, '']), text, ...said.map((note) => `note: ${note}`)].join('\n'),
      Object.assign({}, figures, ...counted, said.length > 0 && { notes: said }),
    )
  },
}
