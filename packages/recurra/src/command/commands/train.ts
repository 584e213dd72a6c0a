import { resolve } from 'node:path'
import { cells } from '@recurra/rnn'
import type { ArgsDef } from 'citty'
import { path, type Flags, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import { expectNoTable } from '../data/read-table.ts'
import type { Output } from '../output.ts'
import { fingerprint, RunFolder } from '../run-folder.ts'
import { expectHeeded, tasks, taskWithSettings } from '../tasks/tasks.ts'
import { runTraining } from '../training/run-training.ts'
import { encodingIn } from '../training/settings.ts'

const all = Object.values(tasks)

/** Flags about a file, of `evaluate` and `predict`, too. */
export const missingFlag: Flags[string] & ArgsDef[string] & { readonly description: string } = {
  type: 'enum', options: [...new Set(all.flatMap(({ missing = [] }) => missing))],
  description: 'a cell without a value, or with one that is not a number: error; drop its row; fill in the mean; '
    + 'mask, which also tells the model where; forecast: carry the last value forward, interpolate, mask',
}

/** Flags about a file, of `evaluate` and `predict`, too. */
export const encodingFlag: Flags[string] & ArgsDef[string] & { readonly description: string } = {
  type: 'string', valueHint: 'name',
  description: 'of the file: utf-8, latin1, windows-1252, utf-16, euc-kr or another. Default: found in the file',
}

/** The flags of a training; the run keeps them. Numbers are texts, because citty knows no numbers. */
export const trainingFlags: ArgsDef & Flags = {
  task: {
    type: 'enum',
    options: Object.keys(tasks),
    description: Object.entries(tasks).map(([name, { about }]) => `${name}: ${about}`).join('; '),
  },
  tokens: {
    type: 'enum', options: ['characters', 'words', 'bytes'],
    description: 'what a text is cut into; characters, but words to classify',
  },
  normalize: {
    type: 'enum', options: ['NFC', 'NFKC', 'none'], default: 'NFC',
    description: 'the Unicode form of texts, in training and use; none takes code points as they stand',
  },
  encoding: encodingFlag,
  text: {
    type: 'string',
    valueHint: 'column',
    description:
      'classify and regress: the column with the text; ' + 'tag: that with the words, by name or, in CoNLL, number',
  },
  label: { type: 'string', valueHint: 'a,b', description: 'the column of what is to be learned; regress: one or more' },
  columns: {
    type: 'string', valueHint: 'a,b',
    description: 'the columns with numbers that are read. Default: all that hold numbers',
  },
  missing: { ...missingFlag, default: 'error' },
  ...Object.assign({}, ...all.map(({ flags }) => flags)) as ArgsDef & Flags,
  cell: {
    type: 'string', valueHint: 'cell', default: 'lstm',
    description: `the kind of recurrent layer: ${Object.keys(cells).join(', ')}`,
  },
  layers: {
    type: 'string', valueHint: 'count', description: 'how many of them, one on top of the other; 2, to forecast 1',
  },
  hidden: { type: 'string', valueHint: 'units', description: 'units in each; 128, to forecast 16' },
  embedding: {
    type: 'string', valueHint: 'features', description: 'features of a token; 64, or as many as there are units',
  },
  dropout: { type: 'string', valueHint: 'rate', default: '0', description: 'fraction of units dropped between layers' },
  epochs: {
    type: 'string', valueHint: 'count', description: 'passes over the data; 20, or more where the data is small',
  },
  steps: { type: 'string', valueHint: 'count', description: 'maximum number of updates' },
  seconds: { type: 'string', valueHint: 'time', description: 'maximum training time' },
  patience: {
    type: 'string', valueHint: 'epochs', default: '4',
    description: 'stops after this many epochs without improvement; 0 never stops early',
  },
  batch: { type: 'string', valueHint: 'sequences', default: '32', description: 'sequences side by side' },
  window: {
    type: 'string',
    valueHint: 'steps',
    description:
      'steps per window, 64, to forecast 32; to classify and tag the most that is read at once, by default all',
  },
  optimizer: {
    type: 'enum', options: ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'rmsprop', 'adagrad', 'adadelta', 'sgd'],
    default: 'adam', description: 'the optimizer',
  },
  'learning-rate': {
    type: 'string', valueHint: 'rate',
    description: 'how far; 0.003, for sgd 0.1, for adagrad 0.05, for adadelta 1; to forecast a third of it',
  },
  schedule: {
    type: 'enum', options: ['cosine', 'linear', 'constant'], default: 'cosine',
    description: 'how the learning rate decays',
  },
  'warm-up': {
    type: 'string', valueHint: 'updates', default: '0',
    description: 'updates over which the learning rate warms up',
  },
  clip: { type: 'string', valueHint: 'norm', default: '5', description: 'maximum gradient norm; 0 for no limit' },
  'hold-out': {
    type: 'string', valueHint: 'share', default: '0.1', description: 'fraction of the data held out to measure on',
  },
  seed: { type: 'string', valueHint: 'number', default: '1', description: 'same seed, same run' },
  threads: { type: 'string', valueHint: 'count', description: 'all that the machine has, up to eight' },
}

/** What may change when a training resumes: it does not change what was learned already. */
export const resumable: readonly string[] = ['epochs', 'steps', 'seconds', 'patience', 'threads']

/** `recurra train FILE` */
export const train: Command = {
  flags: {
    file: {
      type: 'positional', required: true,
      description: 'a text; or a table (.csv, .tsv, .json, .jsonl, .conll) with --task',
    },
    out: { type: 'string', valueHint: 'folder', default: 'run', description: 'where the run goes' },
    force: { type: 'boolean', description: 'overwrites a run that is there' },
    ...trainingFlags,
  },
  examples: [
    'recurra train story.txt --out run', 'recurra train story.txt --layers 2 --hidden 256 --seconds 600 --out run',
    'recurra train mails.csv --task classify --text subject --label kind',
    'recurra train houses.csv --task regress --label price', 'recurra train sentences.conll --task tag',
    'recurra train weather.csv --task forecast --columns temperature,wind',
  ],
  run: (args, output) => trainOn(args, output),
}

/** Learns from a file and leaves a run in a folder. */
const trainOn = async (given: Parsed, output: Output): Promise<void> => {
  const file = String(given['file'])
  if (given['task'] === undefined) expectNoTable(file, given['encoding'] === undefined ? undefined : encodingIn(given))
  const args: Parsed = { ...given, task: given['task'] ?? 'generate' }
  const { task, settings } = taskWithSettings(args)
  expectHeeded(settings.task, given)
  const sha256 = fingerprint(file)
  const dataset = task.dataset(file, args, settings)
  const folder = await RunFolder.create(path(args, 'out'), { force: args['force'] === true })
  const { codec, notes = [], leftOut = [] } = dataset
  await folder.writeRecord({
    format: 'recurra-run', version: 1, data: { file: resolve(file), sha256 }, options: optionsToKeep(args), codec,
    notes: notes.map(({ text }) => text), leftOut,
  })
  await runTraining({ task, dataset, settings, folder }, output)
}

/** Those flags that say how to train, as they were given. */
const optionsToKeep = (args: Parsed): Record<string, string> =>
  Object.fromEntries(
    Object.keys(trainingFlags).flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])]])),
  )
