import { commonBackend, loadNative } from '@recurra/backend'
import type { Recompute } from '@recurra/training'
import { backendNames, type BackendName } from '../../named-backend.ts'
import { isEncoding } from '../../terminal/decode-text.ts'
import { flagError, integer, number, path, type Parsed } from '../../terminal/options.ts'
import { integerIn } from '../flags.ts'
import { hasBothDirections, recurrentLayers } from './recurrent-layers.ts'

/** What a training can run on: the processor, the fastest first, or the GPU. */
export const backends: readonly ('native' | BackendName)[] = ['native', ...backendNames]

/** The first of them that runs here. */
const fastestHere = (): Settings['backend'] => {
  try {
    loadNative()
    return 'native'
  } catch {
    return commonBackend().name as Settings['backend'] // made once, however often settings are read
  }
}

/** What can stand for a sequence: the last step, the mean of all steps, or both. */
export const pools = ['mean', 'last', 'last+mean'] as const

/** The checked flags of a training. */
export interface Settings {
  readonly task: string
  /** What is done about missing values. */
  readonly missing: string
  /** Of the file; found in it where none is given. */
  readonly encoding: string | undefined
  /** A file to measure on, in place of a part of the data. */
  readonly validation: string | undefined
  /** The minimum frequency of a symbol with its own embedding. Default: chosen from the data. */
  readonly minCount: number | undefined
  /** Whether words are read in lower case; what suits the task without it. */
  readonly lowercase: boolean | undefined
  readonly cell: string
  readonly layers: number
  readonly hidden: number
  readonly embedding: number
  readonly bidirectional: boolean
  /** What stands for a sequence. */
  readonly pool: (typeof pools)[number]
  readonly dropout: number
  /** Until the first of these; without epochs and steps, a number of epochs that suits the data. */
  readonly epochs: number | undefined
  readonly steps: number | undefined
  readonly seconds: number | undefined
  /** Epochs without improvement that are waited for; what suits the data without it. */
  readonly patience: number | undefined
  readonly batch: number
  /** Batches per update. */
  readonly accumulate: number
  /** Updates of each rank between two exchanges. */
  readonly localSteps: number
  readonly window: number | undefined
  readonly optimizer: string
  readonly learningRate: number | undefined
  readonly weightDecay: number | undefined
  readonly schedule: string
  readonly warmUp: number
  readonly clip: number
  /** Every how many steps states are kept, where what lies between is computed again. */
  readonly recompute: Recompute | undefined
  /** The fraction of the data to measure on. */
  readonly holdOut: number
  readonly seed: number
  readonly threads: number | undefined
  /** What computes. A run keeps it, so that it resumes to the bit where another one has become available. */
  readonly backend: (typeof backends)[number]
  /** What suits the task and the size of the data. */
  readonly defaults: Defaults
}

/** Values that suit a task, or the size of its data, where none are given. */
export interface Defaults {
  readonly cell: string
  readonly layers: number
  readonly hidden: number
  /** At most as many as there are units. */
  readonly embedding: number
  readonly bidirectional: boolean
  readonly dropout: number
  readonly batch: number
  /** Passes over the data; more, if they are not as many updates. */
  readonly epochs: number
  readonly updates: number
  /** Epochs without improvement that are waited for; up to four, if they are only a few updates. */
  readonly patience: number
  readonly optimizer: string
  /** The fraction of an optimizer's usual learning rate. */
  readonly learningRate: number
  /** For the default optimizer. */
  readonly weightDecay: number | undefined
}

const usual: Defaults = {
  cell: 'lstm', layers: 2, hidden: 128, embedding: 64, bidirectional: false, dropout: 0, batch: 32, epochs: 20,
  updates: 1500, patience: 4, optimizer: 'adam', learningRate: 1, weightDecay: undefined,
}

/**
 * Checks the flags of a training, from the command line or from the record of a run. A `UsageError` names the flag
 * that is wrong.
 */
export const settingsOf = (args: Parsed, suited: Partial<Defaults> = {}): Settings => {
  const defaults = { ...usual, ...suited }
  const some = (name: string, least: number, limit?: number) => integerIn(args, name, least, limit)
  const perhaps = <T>(name: string, read: () => T): T | undefined => (args[name] === undefined ? undefined : read())
  const above0 = (name: string): number | undefined =>
    perhaps(name, () => number(args, name, 'a number above 0', (one) => one > 0 && one < Infinity))
  const atLeast0 = (name: string): number =>
    number(args, name, 'a number of at least 0', (value) => value >= 0 && value < Infinity)
  const flag = (name: string): boolean | undefined =>
    perhaps(name, () => oneOf(args, name, ['true', 'false']) === 'true')
  const hidden = integer(args, 'hidden', 1, 8192, defaults.hidden)
  const optimizer = String(args['optimizer'] ?? defaults.optimizer)
  const cell = perhaps('cell', () => oneOf(args, 'cell', Object.keys(recurrentLayers))) ?? defaults.cell
  const bidirectional = flag('bidirectional') ?? (defaults.bidirectional && hasBothDirections(cell))
  if (bidirectional && !hasBothDirections(cell))
    throw flagError('bidirectional', `false with --cell ${cell}, which only reads forward`, 'true')
  if (args['validation'] !== undefined && args['hold-out'] !== undefined)
    throw flagError('validation', 'either --validation or --hold-out', 'both', 'Leave one out.')
  const [threads, backend] = [some('threads', 1, 64), perhaps('backend', () => oneOf(args, 'backend', backends))]
  if ((backend === 'javascript' || backend === 'webgpu') && threads !== undefined && threads > 1)
    throw flagError('threads', `1 with --backend ${backend}, which has no others`, String(threads))
  return {
    defaults,
    task: String(args['task']),
    missing: String(args['missing'] ?? 'error'),
    encoding: encodingIn(args),
    validation: perhaps('validation', () => path(args, 'validation')),
    minCount: some('min-count', 1),
    lowercase: flag('lowercase'),
    cell,
    layers: integer(args, 'layers', 1, 16, defaults.layers),
    hidden,
    embedding: integer(args, 'embedding', 1, 8192, Math.min(defaults.embedding, hidden)),
    bidirectional,
    pool: perhaps('pool', () => oneOf(args, 'pool', pools)) ?? (bidirectional ? 'mean' : 'last'),
    dropout: number(args, 'dropout', 'a number from 0 to below 1', (rate) => rate >= 0 && rate < 1, defaults.dropout),
    epochs: some('epochs', 1),
    steps: some('steps', 1),
    seconds: above0('seconds'),
    patience: some('patience', 0),
    batch: integer(args, 'batch', 1, 65_536, defaults.batch),
    accumulate: integer(args, 'accumulate', 1, 65_536, 1),
    localSteps: integer(args, 'local-steps', 1, 65_536, 1),
    window: some('window', 1, 65_536),
    optimizer,
    learningRate: above0('learning-rate'),
    weightDecay: perhaps('weight-decay', () => atLeast0('weight-decay'))
      ?? (optimizer === defaults.optimizer ? defaults.weightDecay : undefined),
    schedule: String(args['schedule']),
    warmUp: integer(args, 'warm-up', 0),
    clip: atLeast0('clip'),
    recompute: args['recompute'] === 'auto' ? 'auto' : some('recompute', 1),
    holdOut: number(args, 'hold-out', 'a share above 0 and at most 0.5', (value) => value > 0 && value <= 0.5, 0.1),
    seed: integer(args, 'seed', 0),
    threads,
    backend: backend ?? fastestHere(),
  }
}

/** The encoding that a flag names, if it does: any that `TextDecoder` knows. */
export const encodingIn = (args: Parsed): string | undefined => {
  if (args['encoding'] === undefined) return undefined
  const given = String(args['encoding']).trim()
  if (isEncoding(given)) return given
  const expected = 'an encoding: utf-8, latin1, windows-1252, utf-16, euc-kr, shift_jis or another that browsers know'
  throw flagError('encoding', expected, given, 'Leave it out to have it found.')
}

/** The value of a flag that must be one of some. */
export const oneOf = <T extends string>(args: Parsed, name: string, all: readonly T[]): T => {
  const given = String(args[name]) as T
  if (all.includes(given)) return given
  throw flagError(name, `one of ${all.join(', ')}`, given)
}
