import type { Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import type { Output } from '../output.ts'
import { expectHeeded, openRun } from '../tasks/tasks.ts'
import { encodingFlag, missingFlag } from './train.ts'

/** `recurra evaluate RUN FILE` */
export const evaluate: Command = {
  flags: {
    run: { type: 'positional', required: true, description: 'the folder of a run' },
    file: { type: 'positional', required: true, description: 'a file like the one that it learned from' },
    missing: { ...missingFlag, description: `${missingFlag.description}; as in training without it` },
    encoding: { ...encodingFlag, description: `${encodingFlag.description}, or as in training` },
    text: {
      type: 'string', valueHint: 'column',
      description: 'the column with the text, or with the words; as in training without it',
    },
    label: {
      type: 'string', valueHint: 'column',
      description: 'the column with the labels or tags; as in training without it',
    },
    sequence: {
      type: 'string', valueHint: 'column',
      description: 'tag: the column that tells the sequences apart; as in training without it',
    },
  },
  examples: ['recurra evaluate run other.txt', 'recurra evaluate run test.csv --json'],
  run: (args, output) => evaluateOn(args, output),
}

/** Measures the model of a run on a file. */
const evaluateOn = async (args: Parsed, output: Output): Promise<void> => {
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
}
