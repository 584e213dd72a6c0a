import type { Backend, ReadBack } from '@recurra/backend'
import { namedVariables, type Params } from '@recurra/layers/authoring'
import { ConfigurationError, sizeOf } from '@recurra/tensor'
import type { Reduction } from '../losses/loss.ts'
import type { Accumulation } from './accumulation.ts'
import { NotFiniteError } from './not-finite-error.ts'

/**
 * Sums numbers over all processes of a data-parallel training run, in place: an all-reduce with sum, which must give
 * every process the same bits. It is called once per update, counted from 1, with equally many numbers in every
 * process: the gradients of all parameters in the order of `namedVariables`, followed by other numbers of the update,
 * such as its loss. Gradients of a mean are multiplied by its divisor, so that uneven and padded batches count by their
 * number of items.
 *
 * A process that fails passes NaN, so that all others fail at the same update and no process waits for it. An error of
 * this function itself ends only the training of this process.
 *
 * ```ts
 * import type { ReduceGradients } from 'recurra'
 *
 * const alone: ReduceGradients = (values, update) => console.log(update, values.length)
 * ```
 */
export type ReduceGradients = (values: Float64Array, update: number) => void | Promise<void>

/** The gradients of one process become those of all. */
export interface GradientReduction {
  /** It may answer later, as a backend may. */
  readonly name: string
  readonly answersLater: true
  /** Reads the gradients of this process. */
  readonly readBack: ReadBack
  /** An update begins, or goes on: should it fail, the others are to be told. */
  begin(): void
  /** Adds up what was read, with all other processes. */
  run(update: number, own: Accumulation, learningRate: number): void | Promise<void>
  /**
   * What was added up becomes the gradients, and the loss and the items of the update.
   * @throws `NotFiniteError` if another process has failed.
   * @throws `ConfigurationError` if another process has other parameters or another learning rate.
   */
  write(to: Accumulation, update: number, learningRate: number): void
  /** Tells the others, who wait for this process, that it has failed. */
  fail(update: number): void | Promise<void>
}

/** Plans it. */
export const gradientReductionOf = (
  backend: Backend, params: Params, reduction: Reduction, reduce: ReduceGradients,
): GradientReduction => {
  const variables = namedVariables(params).map(([, variable]) => variable)
  const grads = backend.readBack(variables.map(({ grad }) => grad))
  const parameters = backend.readBack(variables.map(({ value }) => value))
  const size = grads.values.length
  const values = new Float64Array(size + 6)
  let from = 0
  const parts = variables.map(({ value }) => values.subarray(from, (from += sizeOf(value.shape))))
  let [waitedFor, compared, checksum] = [false, false, 0]
  const send = (update: number): void | Promise<void> => {
    waitedFor = false
    return reduce(values, update)
  }
  return {
    name: 'reduceGradients',
    answersLater: true,
    readBack: {
      values: grads.values,
      run() {
        const waiting = grads.run()
        const others = compared ? undefined : parameters.run()
        return others ? Promise.all([waiting, others]).then(() => undefined) : waiting
      },
    },
    begin() {
      waitedFor = true
    },
    run(update, { loss, count, items }, learningRate) {
      if (!compared) checksum = parameters.values.reduce((sum, value, i) => sum + value * (1 + (i % 31)), 0)
      const weight = reduction === 'mean' ? count : 1
      for (let i = 0; i < size; i++) values[i] = grads.values[i]! * weight
      values.set([loss * weight, count, items, 1, learningRate, checksum], size)
      return send(update)
    },
    write(to, update, learningRate) {
      const [loss, count, items, processes, rates, checksums] = values.subarray(size) as Iterable<number> as SixNumbers
      if (!Number.isFinite(loss)) throw failedElsewhere(loss, update)
      expectSame('parameters', checksums / processes, checksum)
      expectSame('learning rate', rates / processes, learningRate)
      compared = true
      const divisor = reduction === 'mean' && count !== 0 ? count : 1
      for (let i = 0; i < size; i++) values[i]! /= divisor
      parts.forEach((part, i) => backend.write(variables[i]!.grad, part))
      to.loss = loss / divisor
      to.items = items
    },
    fail(update) {
      if (!waitedFor) return
      values.fill(Number.NaN)
      return send(update)
    },
  }
}

type SixNumbers = [number, number, number, number, number, number]

/** Checks that all processes have what this one has, which is then their mean. */
const expectSame = (what: string, mean: number, own: number): void => {
  if (Math.abs(mean - own) <= 1e-9 * Math.abs(own)) return
  throw new ConfigurationError({
    where: 'reduceGradients',
    expected: `the same ${what} in every process`,
    got: `${own} here, and ${mean} on average`,
    fix: 'Give all the same seed, optimizer and checkpoint, and data of as many batches.',
  })
}

const failedElsewhere = (loss: number, step: number): NotFiniteError =>
  new NotFiniteError({
    path: '',
    step,
    expected: 'a finite loss in every process',
    got: `${loss} as their sum`,
    fix: 'Nothing was changed by this step. Another process has met an error: see what that reports.',
  })
