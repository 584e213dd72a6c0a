import { ConfigurationError } from '@recurra/tensor'
import type { Command } from '../command.ts'
import * as flag from '../flags.ts'
import { expectHeeded, openRun, tasksWith } from '../tasks/tasks.ts'
import { fileFlags } from '../training/training-flags.ts'

/** `recurra predict RUN FILE` */
export const predict: Command = {
  flags: {
    run: flag.word(`the folder of a run that learned to ${tasksWith('predict')}`),
    file: flag.word('a file like the training file; labels may be missing'),
    ...fileFlags,
    length: flag.text('rows', 'forecast: the number of rows. Default: the horizon of the training, or 10'),
  },
  examples: [
    'recurra predict run mails.csv', 'recurra predict run weather.csv --length 24',
    'recurra predict run sentences.jsonl --json > tagged.jsonl',
  ],

  /** Lets the model of a run say what it makes of a file. */
  async run(args, output) {
    const length = flag.integerIn(args, 'length', 1)
    const { model, task, codec, settings } = await openRun(String(args['run']), args)
    expectHeeded(settings.task, args)
    if (!task.predict)
      throw new ConfigurationError({
        where: String(args['run']), expected: `a run that learned to ${tasksWith('predict')}`,
        got: `one that learned to ${settings.task}`, fix: 'Use recurra sample.',
      })
    const predictions = task.predict(model, String(args['file']), codec, settings, {
      length, args, note: (note) => output.note(note),
    })
    for await (const { line, value } of predictions) output.say(line, value)
  },
}
