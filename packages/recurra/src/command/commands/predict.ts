import type { Command } from '../command.ts'
import { encodingFlag, missingFlag } from './training-flags.ts'

/** `recurra predict RUN FILE` */
export const predict: Command = {
  description:
    'Says the class of each row, the tag of each word, or how a series goes on, in lines with tabs or commas.',
  flags: {
    run: {
      type: 'positional',
      required: true,
      description: 'the folder of a run that learned to classify, tag or forecast',
    },
    file: {
      type: 'positional',
      required: true,
      description: 'a file like the one that it learned from; labels may be missing',
    },
    text: {
      type: 'string',
      valueHint: 'column',
      description: 'the column with the text, or with the words; as in training without it',
    },
    sequence: {
      type: 'string',
      valueHint: 'column',
      description: 'tag: the column that tells the sequences apart; as in training without it',
    },
    length: {
      type: 'string',
      valueHint: 'rows',
      description: 'forecast: how many rows; as many as the horizon of the training, or 10',
    },
    missing: { ...missingFlag, description: `${missingFlag.description}; as in training without it` },
    encoding: { ...encodingFlag, description: `${encodingFlag.description}, or as in training` },
  },
  examples: [
    'recurra predict run mails.csv',
    'recurra predict run weather.csv --length 24',
    'recurra predict run sentences.jsonl --json > tagged.jsonl',
  ],
  run: async (args, output) => (await import('../use/predict.ts')).predict(args, output),
}
