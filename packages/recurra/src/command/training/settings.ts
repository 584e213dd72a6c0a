import { cells } from '@recurra/rnn'
import { isEncoding } from '../../terminal/decode-text.ts'
import { integer, number, type Parsed } from '../../terminal/options.ts'
import { flagError } from '../../terminal/usage-error.ts'
import { integerIn } from '../flags.ts'

/** The checked flags of a training. */
export interface Settings {
  readonly task: string
  /** What is done about missing values. */
  readonly missing: string
  /** Of the file; found in it where none is given. */
  readonly encoding: string | undefined
  readonly cell: string
  readonly layers: number
  readonly hidden: number
  readonly embedding: number
  readonly dropout: number
  /** Until the first of these; without any, a number of epochs that suits the data. */
  readonly epochs: number | undefined
  readonly steps: number | undefined
  readonly seconds: number | undefined
  readonly patience: number
  readonly batch: number
  readonly window: number | undefined
  readonly optimizer: string
  readonly learningRate: number | undefined
  readonly schedule: string
  readonly warmUp: number
  readonly clip: number
  /** The share of the data to measure on. */
  readonly holdOut: number
  readonly seed: number
  readonly threads: number | undefined
}

/** Values that suit a task better than the usual ones, where none are given. */
export interface Defaults {
  readonly layers?: number
  readonly hidden?: number
  /** The share of an optimizer's usual learning rate. */
  readonly learningRate?: number
}

/**
 * Checks the flags of a training, from the command line or from the record of a run. A `UsageError` names the flag
 * that is wrong.
 */
export const settingsOf = (args: Parsed, defaults: Defaults = {}): Settings => {
  const some = (name: string, least: number, limit?: number) => integerIn(args, name, least, limit)
  const above0 = (name: string): number | undefined =>
    args[name] === undefined ? undefined : number(args, name, 'a number above 0', (one) => one > 0 && one < Infinity)
  const hidden = some('hidden', 1, 8192) ?? defaults.hidden ?? 128
  return {
    task: String(args['task']),
    missing: String(args['missing'] ?? 'error'),
    encoding: encodingIn(args),
    cell: oneOf(args, 'cell', Object.keys(cells)),
    layers: some('layers', 1, 16) ?? defaults.layers ?? 2,
    hidden,
    embedding: some('embedding', 1, 8192) ?? Math.min(64, hidden),
    dropout: number(args, 'dropout', 'a number from 0 to below 1', (value) => value >= 0 && value < 1),
    epochs: some('epochs', 1),
    steps: some('steps', 1),
    seconds: above0('seconds'),
    patience: integer(args, 'patience', 0),
    batch: integer(args, 'batch', 1, 65_536),
    window: some('window', 1, 65_536),
    optimizer: String(args['optimizer']),
    learningRate: above0('learning-rate'),
    schedule: String(args['schedule']),
    warmUp: integer(args, 'warm-up', 0),
    clip: number(args, 'clip', 'a number of at least 0', (value) => value >= 0 && value < Infinity),
    holdOut: number(args, 'hold-out', 'a share above 0 and at most 0.5', (value) => value > 0 && value <= 0.5),
    seed: integer(args, 'seed', 0),
    threads: some('threads', 1, 64),
  }
}

/** The encoding that a flag names, if it does: any that `TextDecoder` knows. */
export const encodingIn = (args: Parsed): string | undefined => {
  if (args['encoding'] === undefined) return undefined
  const given = String(args['encoding']).trim()
  if (isEncoding(given)) return given
  const expected = 'an encoding: utf-8, latin1, windows-1252, utf-16, euc-kr, shift_jis or another that browsers know'
  const fix = 'Leave it out to have it found.'
  throw flagError('encoding', expected, given, fix)
}

/** The value of a flag that must be one of some. */
export const oneOf = (args: Parsed, name: string, all: readonly string[]): string => {
  const given = String(args[name])
  if (all.includes(given)) return given
  throw flagError(name, `one of ${all.join(', ')}`, given)
}
