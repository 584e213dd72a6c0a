import * as flag from '../flags.ts'
import { tasks, tasksHeeding } from '../tasks/tasks.ts'
import { recurrentLayers } from './recurrent-layers.ts'
import { backends, pools } from './settings.ts'

const all = Object.values(tasks)
const onOff = ['true', 'false']
const ways = [...new Set(all.flatMap(({ missing = [] }) => missing))]
const aboutMissing = 'missing values, and values that are not numbers: error; drop the row; fill in the mean; '
  + 'mask, which also marks them for the model; forecast: carry the last value forward, interpolate, mask'
const aboutEncoding = 'of the file: utf-8, latin1, windows-1252, utf-16, euc-kr or another. Default: detected'

/** The flags about another file than that of the training. */
export const fileFlags: Readonly<Record<'missing' | 'encoding' | 'text' | 'sequence', flag.Flag>> = {
  missing: flag.oneOf(ways, `${aboutMissing}. Default: as in training`),
  encoding: flag.text('name', `${aboutEncoding}, otherwise as in training`),
  text: flag.text('column', 'the column with the text, or with the words. Default: as in training'),
  sequence: flag.text('column', 'tag: the column that identifies the sequences. Default: as in training'),
}

/** The flags of a training; the run keeps them. */
export const trainingFlags: Readonly<Record<string, flag.Flag>> = {
  task: flag.oneOf(
    Object.keys(tasks), Object.entries(tasks).map(([name, { about }]) => `${name}: ${about}`).join('; '),
  ),
  tokens: flag.oneOf(['characters', 'words', 'bytes'], 'the tokens of a text; characters, to classify words'),
  normalize: flag.oneOf(
    ['NFC', 'NFKC', 'none'],
    'the Unicode form of texts, in training and use; none keeps code points unchanged', 'NFC',
  ),
  'min-count': flag.text(
    'count',
    `${tasksHeeding('min-count')}: the minimum frequency of a symbol with its own embedding; 2, for little text 1`,
  ),
  lowercase: flag.oneOf(
    onOff,
    `${tasksHeeding('lowercase')}: whether to convert texts to lower case; true for words to classify, else false`,
  ),
  encoding: flag.text('name', aboutEncoding),
  text: flag.text(
    'column',
    'classify and regress: the column with the text; tag: the column with the words, by name or, in CoNLL, number',
  ),
  label: flag.text('a,b', 'the column to predict; regress: one or more'),
  columns: flag.text('a,b', 'the numeric columns to read. Default: all of them'),
  missing: flag.oneOf(ways, aboutMissing, 'error'),
  ...Object.assign({}, ...all.map(({ flags }) => flags)) as Record<string, flag.Flag>,
  cell: flag.text(
    'cell',
    `the kind of recurrent layer: ${Object.keys(recurrentLayers).join(', ')}; gru for texts and tags, lstm for numbers`,
  ),
  layers: flag.text('count', 'the number of recurrent layers; 1, for rows of numbers 2'),
  hidden: flag.text(
    'units',
    'units per layer, by the size of the data: 256 to generate, 32 or 64 for texts to classify, 64 or 128 to tag, '
    + '128 for rows of numbers, 16 to forecast',
  ),
  bidirectional: flag.oneOf(
    onOff,
    `${tasksHeeding('bidirectional')}: whether to read sequences in both directions; true for texts and tags, `
    + 'false gives a model that streams',
  ),
  pool: flag.oneOf(
    [...pools],
    `${tasksHeeding('pool')}: the mean over all steps, the last step, or both; mean for both directions, else last`,
  ),
  embedding: flag.text('features', 'the size of embeddings; 64, to generate 96, or the number of units if less'),
  dropout: flag.text(
    'rate',
    'fraction of units dropped between layers; 0.3 for texts to classify and tags, 0.2 to generate, from a long text '
    + '0.1, else 0',
  ),
  epochs: flag.text(
    'count',
    'passes over the data, also with --seconds; 8 for texts to classify and to tag, else 20; more for small data',
  ),
  steps: flag.text('count', 'maximum number of updates'),
  seconds: flag.text('time', 'maximum training time; the number of epochs remains a limit, too'),
  patience: flag.text(
    'epochs',
    'stops after this many epochs without improvement, 0 never stops early; 2 for texts to classify and tag, '
    + 'else 4, and for small data',
  ),
  batch: flag.text('sequences', 'sequences per batch, in all ranks together; 32, to generate 16'),
  accumulate: flag.text('count', 'batches per update: larger batches in the memory of small ones; 1'),
  'local-steps': flag.text('count', 'in several ranks: updates of each between two exchanges, for slow networks; 1'),
  window: flag.text(
    'steps', 'steps per window: 64, to forecast 32; to classify and tag the maximum to read at once, by default all',
  ),
  optimizer: flag.oneOf(
    ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'rmsprop', 'adagrad', 'adadelta', 'sgd'],
    'the optimizer; adam, to generate adamw, from a long text adam',
  ),
  'learning-rate': flag.text(
    'rate', 'of the optimizer; 0.003, for sgd 0.1, for adagrad 0.05, for adadelta 1; to forecast a third of it, '
    + 'to generate 8 thirds, of a long text 4',
  ),
  'weight-decay': flag.text('rate', 'the weight decay of the optimizer; 0, for adamw 0.01, to generate up to 0.2'),
  schedule: flag.oneOf(['cosine', 'linear', 'constant'], 'how the learning rate decays', 'cosine'),
  'warm-up': flag.text('updates', 'updates over which the learning rate warms up', '0'),
  clip: flag.text('norm', 'maximum gradient norm; 0 for no limit', '5'),
  recompute: flag.text('steps', 'saves memory: keeps states at this interval, or auto, and computes the rest again'),
  validation: flag.text(
    'file', 'a file like the first one, to select the best model and evaluate it on; then nothing is held out',
  ),
  'hold-out': flag.text('fraction', 'the fraction of the data held out for validation; 0.1'),
  seed: flag.text('number', 'same seed, same run', '1'),
  threads: flag.text('count', 'maximum number of threads, of each rank. Default: one per core, up to eight'),
  backend: flag.oneOf(
    [...backends], 'the backend. Default: the first of them that runs here; a run keeps it when it resumes',
  ),
}

/** The flags that may change when a run resumes, because they do not change what it has learned. */
export const resumable: readonly string[] =
  ['epochs', 'steps', 'seconds', 'patience', 'threads', 'backend', 'recompute']
