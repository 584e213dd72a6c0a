import { option, options } from '@recurra/tensor'
import type { Checkpoint, CheckpointStore } from '../checkpoint/checkpoint.ts'

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
      if (now.step === last.step) return
      const checkpoint = await take()
      if (stores) await store.save(checkpoint)
      last = now
    },
  }
  return saver
}
