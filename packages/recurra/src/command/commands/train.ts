import type { Command } from '../command.ts'
import { trainingFlags } from './training-flags.ts'

/** `recurra train FILE` */
export const train: Command = {
  description: 'Learns from a file and keeps the best model, with a report, in a folder. Ctrl-C ends it well.',
  flags: {
    file: {
      type: 'positional',
      required: true,
      description: 'a text; or a table (.csv, .tsv, .json, .jsonl, .conll) with --task',
    },
    out: { type: 'string', valueHint: 'folder', default: 'run', description: 'where the run goes' },
    force: { type: 'boolean', description: 'overwrites a run that is there' },
    ...trainingFlags,
  },
  choices: async () => ({ cell: Object.keys((await import('@recurra/rnn')).cells) }),
  examples: [
    'recurra train story.txt --out run',
    'recurra train story.txt --layers 2 --hidden 256 --seconds 600 --out run',
    'recurra train mails.csv --task classify --text subject --label kind',
    'recurra train houses.csv --task regress --label price',
    'recurra train sentences.conll --task tag',
    'recurra train weather.csv --task forecast --columns temperature,wind',
  ],
  run: async (args, output) => (await import('../training/train.ts')).train(args, output),
}
