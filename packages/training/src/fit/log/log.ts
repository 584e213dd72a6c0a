import { ConfigurationError, describeValue, option, options } from '@recurra/tensor'
import type { Metrics } from '../../metrics/metric.ts'
import type { Progress } from '../progress.ts'

/** A function that `fit` calls after each step. */
export type Listener<M extends Metrics = {}> = (progress: Progress<M>) => void | Promise<void>

/**
 * The target of a log: `createWriteStream(path)` in Node, a `FileSystemWritableFileStream` in a page, or anything with
 * a `write` method.
 */
export interface LogTarget<Piece> {
  /** Writes the next piece. The caller awaits what it returns. */
  write(piece: Piece): unknown
}

/** Options of logs. */
export interface LogOptions {
  /** The number of steps between two entries. Default: 1. Validation results and the last step are always logged. */
  readonly every?: number
}

/**
 * Creates a listener that is called every few steps, after each validation and at the end. Use it to write logs.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 * import { listening } from 'recurra/authoring'
 *
 * const heard: number[] = []
 * const everyTen = listening({ every: 10 }, ({ step }) => heard.push(step))
 * const data = sequences({ x: [[0], [1]], target: [[1], [3]] })
 * await fit(sequential(vector(1), [dense(1)]), data, { loss: meanSquaredError(), epochs: 25, onProgress: everyTen })
 * console.log(heard) // [10, 20, 25]
 * ```
 * @throws `ConfigurationError` if an option is unknown, `every` is not a positive integer, or the listener is not a
 * function.
 */
export const listening = (given: LogOptions, listener: (progress: Progress<Metrics>) => unknown): Listener<Metrics> => {
  const { every } = options('log', given, { every: option.count(1) })
  if (typeof listener !== 'function')
    throw new ConfigurationError({
      where: 'log',
      expected: 'a function as listener',
      got: describeValue(listener),
      fix: 'Pass listening({ every: 10 }, ({ step }) => …).',
    })
  return async (progress) => {
    if (progress.step % every === 0 || progress.validationLoss !== undefined || progress.done === 1)
      await listener(progress)
  }
}
