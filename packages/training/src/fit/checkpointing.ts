/**
 * The checkpoints of a training: when it saves one, and where it resumes from. A training without any does not load
 * this.
 *
 * @module
 */

import { ConfigurationError, describeValue, option, options } from '@recurra/tensor'
import { differs, type CheckpointError } from '../checkpoint/checkpoint-error.ts'
import type { Checkpoint, CheckpointStore, FitState } from '../checkpoint/checkpoint.ts'
import { layoutOf, type Data, type DataLayout } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Position } from './epochs.ts'

export { restoreTrainer, saveTrainer } from '../trainer/trainer-state.ts'

/** How `fit` saves checkpoints. */
export interface Checkpoints {
  /** The store to save to. */
  readonly store: Pick<CheckpointStore, 'save'>
  /** How often to save. Default: `{ seconds: 60 }`. `fit` also saves one at the end, and when the signal aborts. */
  readonly every?: Every
}

/** The interval between checkpoints, whichever comes first. */
export interface Every {
  /** Updates of the parameters. */
  readonly steps?: number
  /** Time in seconds. */
  readonly seconds?: number
  /** Passes over the data. */
  readonly epochs?: number
}

/** A moment in training. */
export interface Moment {
  readonly step: number
  readonly elapsed: number
  /** Whole epochs. */
  readonly epochs: number
}

const kinds = {
  store: option.required(
    option.checked<Checkpoints['store']>(
      'a store with a function save',
      (value) => typeof (value as Partial<CheckpointStore> | null)?.save === 'function',
      () =>
        "Pass { store: checkpointFolder('checkpoints') } of recurra/disk, or checkpointDatabase() of recurra/browser.",
    )(),
  ),
  every: option.unchecked<Every>()({ seconds: 60 }),
}

/** Saves checkpoints when it is time for them. */
export interface Saver {
  /** Saves one if it is time. */
  tick(now: Moment, take: () => Promise<Checkpoint>): Promise<void>
  /** Saves one now, unless nothing has happened since the last. */
  save(now: Moment, take: () => Promise<Checkpoint>): Promise<void>
}

/**
 * `last` is when the last one was saved, or when training began. Of several processes that train together only one
 * stores them, but all take part in taking one.
 * @throws `ConfigurationError` if an option is unknown, or is of the wrong kind.
 */
export const saverOf = (checkpoints: Checkpoints, last: Moment, stores = true): Saver => {
  const { store, every } = options('checkpoints', checkpoints, kinds)
  const { steps, seconds, epochs } = options('checkpoints.every', every, {
    steps: option.count(Infinity), seconds: option.positive(Infinity), epochs: option.count(Infinity),
  })
  const saver: Saver = {
    async tick(now, take) {
      if (now.step - last.step >= steps || now.elapsed - last.elapsed >= seconds || now.epochs - last.epochs >= epochs)
        await saver.save(now, take)
    },
    async save(now, take) {
      if (now.step === last.step && now.step > 0) return // aborted before the first step, it can still be resumed
      const checkpoint = await take()
      if (stores) await store.save(checkpoint)
      last = now
    },
  }
  return saver
}

/**
 * Where `fit` stood in a checkpoint.
 * @throws `ConfigurationError` if it is not a checkpoint.
 * @throws `CheckpointError` if that was with other data or metrics, or no `fit` at all.
 */
export const resumed = (from: Checkpoint, data: Data, metrics: Metrics = {}): FitState => {
  const { fit } = expectCheckpoint(from)
  if (!fit) throw differs('one that fit has saved', 'one of a Trainer alone', 'Give it to `trainer.restore`.')
  const here = layoutOf(data)
  const names = Object.keys({ ...here, ...fit.data }) as (keyof DataLayout)[]
  const other = names.find((name) => String(here[name]) !== String(fit.data[name]))
  if (other !== undefined)
    throw differs(
      `data with ${other} ${here[other]}, as it is here`,
      String(fit.data[other]),
      'Pass the data that the training began with, cut into the same batches.',
    )
  const [wanted, measured] = [metrics, fit.validation[0]?.metrics ?? metrics].map(
    (each) => Object.keys(each).sort().join(', ') || 'none',
  )
  if (wanted !== measured)
    throw differs(`the metrics ${wanted}, as they are here`, measured!, 'Measure the same as before.')
  return fit
}

/** The error of data whose epoch has only so many batches. */
export const tooShort = ({ epoch, batches }: Position, found: number): CheckpointError =>
  differs(
    `data with at least ${batches} batches in epoch ${epoch}, which were read when it was saved`,
    String(found),
    'Pass the data that the training began with.',
  )

const expectCheckpoint = (given: Checkpoint): Checkpoint => {
  if (Array.isArray((given as Checkpoint | null)?.parameters)) return given
  throw new ConfigurationError({
    where: 'resume',
    expected: 'a checkpoint',
    got: describeValue(given),
    fix: (given as unknown) instanceof Promise
      ? 'Wait for it: await store.latest().' : 'Pass what a store gave: await store.latest().',
  })
}
