import type { Command } from '../command.ts'
import { encodingFlag, missingFlag } from './training-flags.ts'

/** `recurra evaluate RUN FILE` */
export const evaluate: Command = {
  description: 'Measures a model on a file: loss, and what suits its task.',
  flags: {
    run: { type: 'positional', required: true, description: 'the folder of a run' },
    file: { type: 'positional', required: true, description: 'a file like the one that it learned from' },
    missing: { ...missingFlag, description: `${missingFlag.description}; as in training without it` },
    encoding: { ...encodingFlag, description: `${encodingFlag.description}, or as in training` },
    text: {
      type: 'string',
      valueHint: 'column',
      description: 'the column with the text, or with the words; as in training without it',
    },
    label: {
      type: 'string',
      valueHint: 'column',
      description: 'the column with the labels or tags; as in training without it',
    },
    sequence: {
      type: 'string',
      valueHint: 'column',
      description: 'tag: the column that tells the sequences apart; as in training without it',
    },
  },
  examples: ['recurra evaluate run other.txt', 'recurra evaluate run test.csv --json'],
  run: async (args, output) => (await import('../use/evaluate.ts')).evaluate(args, output),
}
