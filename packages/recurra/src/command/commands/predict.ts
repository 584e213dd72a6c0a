import { ConfigurationError } from '@recurra/tensor'
import { wholeNumber, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import type { Output } from '../output.ts'
import { expectHeeded, openRun } from '../tasks/tasks.ts'
import { encodingFlag, missingFlag } from './train.ts'

/** `recurra predict RUN FILE` */
export const predict: Command = {
  flags: {
    run: {
      type: 'positional', required: true,
      description: 'the folder of a run that learned to classify, tag or forecast',
    },
    file: {
      type: 'positional', required: true,
      description: 'a file like the one that it learned from; labels may be missing',
    },
    text: {
      type: 'string', valueHint: 'column',
      description: 'the column with the text, or with the words; as in training without it',
    },
    sequence: {
      type: 'string', valueHint: 'column',
      description: 'tag: the column that tells the sequences apart; as in training without it',
    },
    length: {
      type: 'string', valueHint: 'rows',
      description: 'forecast: how many rows; as many as the horizon of the training, or 10',
    },
    missing: { ...missingFlag, description: `${missingFlag.description}; as in training without it` },
    encoding: { ...encodingFlag, description: `${encodingFlag.description}, or as in training` },
  },
  examples: [
    'recurra predict run mails.csv', 'recurra predict run weather.csv --length 24',
    'recurra predict run sentences.jsonl --json > tagged.jsonl',
  ],
  run: (args, output) => predictOn(args, output),
}

/** Lets the model of a run say what it makes of a file. */
const predictOn = async (args: Parsed, output: Output): Promise<void> => {
  const length = args['length'] === undefined ? undefined : wholeNumber(args, 'length', 1, Number.MAX_SAFE_INTEGER)
  const { model, task, codec, settings } = await openRun(String(args['run']), args)
  expectHeeded(settings.task, args)
  if (!task.predict)
    throw new ConfigurationError({
      where: String(args['run']), expected: 'a run that learned to classify, tag or forecast',
      got: `one that learned to ${settings.task}`, fix: 'Use recurra sample.',
    })
  const predictions = task.predict(model, String(args['file']), codec, settings, {
    length,
    args,
    note: (note) => output.note(note),
  })
  for await (const { line, value } of predictions) output.say(line, value)
}
