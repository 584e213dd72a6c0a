import { resolve } from 'node:path'
import { cells } from '@recurra/rnn'
import { path, UsageError, type Parsed } from '../../terminal/options.ts'
import type { Command } from '../command.ts'
import { expectNoTable } from '../data/read-table.ts'
import * as flag from '../flags.ts'
import { fingerprint, RunFolder } from '../run-folder.ts'
import { datasetOf, expectHeeded, tasks, taskWithSettings } from '../tasks/tasks.ts'
import { runTraining } from '../training/run-training.ts'
import { backends, encodingIn, type Settings } from '../training/settings.ts'

const all = Object.values(tasks)

const onOff = ['true', 'false']
const ways = [...new Set(all.flatMap(({ missing = [] }) => missing))]
const aboutMissing = 'a cell without a value, or with one that is not a number: error; drop its row; fill in the mean; '
  + 'mask, which also tells the model where; forecast: carry the last value forward, interpolate, mask'
const aboutEncoding = 'of the file: utf-8, latin1, windows-1252, utf-16, euc-kr or another. Default: found in the file'

/** The flags about another file than that of the training. */
export const fileFlags: Readonly<Record<'missing' | 'encoding' | 'text' | 'sequence', flag.Flag>> = {
  missing: flag.oneOf(ways, `${aboutMissing}; as in training without it`),
  encoding: flag.text('name', `${aboutEncoding}, or as in training`),
  text: flag.text('column', 'the column with the text, or with the words; as in training without it'),
  sequence: flag.text('column', 'tag: the column that tells the sequences apart; as in training without it'),
}

/** The flags of a training; the run keeps them. */
export const trainingFlags: Readonly<Record<string, flag.Flag>> = {
  task: flag.oneOf(
    Object.keys(tasks), Object.entries(tasks).map(([name, { about }]) => `${name}: ${about}`).join('; '),
  ),
  tokens: flag.oneOf(['characters', 'words', 'bytes'], 'what a text is cut into; characters, but words to classify'),
  normalize: flag.oneOf(
    ['NFC', 'NFKC', 'none'],
    'the Unicode form of texts, in training and use; none takes code points as they stand', 'NFC',
  ),
  'min-count': flag.text(
    'count',
    'classify, regress, tag: symbols that occur less often are not learned as such; 2, of little text 1',
  ),
  lowercase: flag.oneOf(
    onOff, 'classify, regress, tag: whether texts are read in lower case; true for words to classify, else false',
  ),
  encoding: flag.text('name', aboutEncoding),
  text: flag.text(
    'column',
    'classify and regress: the column with the text; tag: that with the words, by name or, in CoNLL, number',
  ),
  label: flag.text('a,b', 'the column of what is to be learned; regress: one or more'),
  columns: flag.text('a,b', 'the columns with numbers that are read. Default: all that hold numbers'),
  missing: flag.oneOf(ways, aboutMissing, 'error'),
  ...Object.assign({}, ...all.map(({ flags }) => flags)) as Record<string, flag.Flag>,
  cell: flag.text(
    'cell',
    `the kind of recurrent layer: ${Object.keys(cells).join(', ')}; gru for texts and tags, lstm for numbers`,
  ),
  layers: flag.text('count', 'how many of them, one on top of the other; 1, for rows of numbers 2'),
  hidden: flag.text(
    'units',
    'units in each; by the size of the data: 256 to generate, 32 or 64 for texts to classify, 64 or 128 to tag, '
    + '128 for rows of numbers, 16 to forecast',
  ),
  bidirectional: flag.oneOf(
    onOff,
    'classify, regress, tag: whether sequences are read from their end, too; true for texts and tags, '
    + 'false gives a model that streams',
  ),
  pool: flag.oneOf(
    ['mean', 'last'],
    'classify, regress: what stands for a sequence, the mean of all steps or the last; mean if it is read both ways',
  ),
  embedding: flag.text('features', 'features of a token; 64, to generate 96, or as many as there are units'),
  dropout: flag.text(
    'rate',
    'fraction of units dropped between layers; 0.3 for texts to classify and tags, 0.2 to generate, from a long text '
    + '0.1, else 0',
  ),
  epochs: flag.text(
    'count', 'passes over the data; 8 for texts to classify and to tag, else 20; more where the data is small',
  ),
  steps: flag.text('count', 'maximum number of updates'),
  seconds: flag.text('time', 'maximum training time'),
  patience: flag.text(
    'epochs',
    'stops after this many epochs without improvement, 0 never stops early; 2 for texts to classify and tag, '
    + 'else 4, and where the data is small',
  ),
  batch: flag.text('sequences', 'sequences side by side; 32, to generate 16'),
  window: flag.text(
    'steps', 'steps per window, 64, to forecast 32; to classify and tag the most that is read at once, by default all',
  ),
  optimizer: flag.oneOf(
    ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'rmsprop', 'adagrad', 'adadelta', 'sgd'], 'the optimizer', 'adam',
  ),
  'learning-rate': flag.text(
    'rate', 'how far; 0.003, for sgd 0.1, for adagrad 0.05, for adadelta 1; to forecast a third of it, '
    + 'to generate 8 thirds, of a long text 4',
  ),
  'weight-decay': flag.text('rate', 'draws parameters towards 0, as the optimizer has it; 0, for adamw 0.01'),
  schedule: flag.oneOf(['cosine', 'linear', 'constant'], 'how the learning rate decays', 'cosine'),
  'warm-up': flag.text('updates', 'updates over which the learning rate warms up', '0'),
  clip: flag.text('norm', 'maximum gradient norm; 0 for no limit', '5'),
  validation: flag.text(
    'file',
    'a file like the one that is learned from, to choose the best model and to measure it on; nothing is held out then',
  ),
  'hold-out': flag.text('share', 'fraction of the data held out to measure on; 0.1'),
  seed: flag.text('number', 'same seed, same run', '1'),
  threads: flag.text('count', 'all that the machine has, up to eight'),
  backend: flag.oneOf(
    [...backends],
    'what computes: the fastest that this machine has, native after npm run native, webassembly, javascript',
  ),
}

/** What may change when a training resumes: it does not change what was learned already. */
export const resumable: readonly string[] = ['epochs', 'steps', 'seconds', 'patience', 'threads', 'backend']

/** `recurra train FILE` */
export const train: Command = {
  flags: {
    file: flag.word('a text; or a table (.csv, .tsv, .json, .jsonl, .conll) with --task'),
    out: flag.text('folder', 'where the run goes', 'run'),
    force: flag.toggle('overwrites a run that is there'),
    ...trainingFlags,
  },
  examples: [
    'recurra train story.txt --out run', 'recurra train story.txt --layers 2 --hidden 256 --seconds 600 --out run',
    'recurra train mails.csv --task classify --text subject --label kind',
    'recurra train houses.csv --task regress --label price', 'recurra train sentences.conll --task tag',
    'recurra train weather.csv --task forecast --columns temperature,wind',
  ],

  /** Learns from a file and leaves a run in a folder. */
  async run(given, output) {
    const file = String(given['file'])
    if (given['task'] === undefined) expectNoTable(file, encodingIn(given))
    const args: Parsed = { ...given, task: given['task'] ?? 'generate' }
    const { task, settings: asked } = taskWithSettings(args)
    expectHeeded(asked.task, given)
    const files = { data: fingerprinted(file), ...validationOf(asked) }
    if (files.validation?.sha256 === files.data.sha256) throw measuredOnItself(files.validation.file)
    const { dataset, settings } = datasetOf(task, file, args, asked)
    const folder = await RunFolder.create(path(args, 'out'), { force: args['force'] === true })
    const { codec, notes = [], leftOut = [] } = dataset
    await folder.writeRecord({
      format: 'recurra-run', version: 1, ...files, options: optionsToKeep(args, settings), codec,
      notes: notes.map(({ text }) => text), leftOut,
    })
    await runTraining({ task, dataset, settings, folder }, output)
  },
}

/** The file to measure on, if one is given. */
const validationOf = ({ validation }: Settings): { readonly validation?: ReturnType<typeof fingerprinted> } =>
  validation === undefined ? {} : { validation: fingerprinted(validation) }

/** The result would say how well the file was memorized, and call that held out. */
const measuredOnItself = (file: string): UsageError =>
  new UsageError({
    where: '--validation', expected: 'data that is not learned from', got: `${file}, the same as the file to train on`,
    fix: 'Name another file, or leave it out: then a tenth of the rows is held out.',
  })

const fingerprinted = (file: string) => ({ file: resolve(file), sha256: fingerprint(file) })

const chosen = ['cell', 'layers', 'hidden', 'embedding', 'bidirectional', 'pool', 'dropout', 'batch'] as const

/** The flags that say how to train, as they were given, and what was chosen where they leave it open. */
const optionsToKeep = (args: Parsed, settings: Settings): Record<string, string> => ({
  ...Object.fromEntries(
    Object.keys(trainingFlags).flatMap((name) => (args[name] === undefined ? [] : [[name, String(args[name])]])),
  ),
  ...Object.fromEntries(chosen.map((name) => [name, String(settings[name])])),
  ...(settings.validation !== undefined && { validation: resolve(settings.validation) }),
})
