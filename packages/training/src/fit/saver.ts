import { expectCount } from '@recurra/tensor'
import type { Checkpoint, CheckpointStore } from '../checkpoint/checkpoint.ts'
import { expectPositive } from '../options.ts'

/** How `fit` keeps checkpoints. */
export interface Checkpoints {
  /** Where they go. */
  readonly store: Pick<CheckpointStore, 'save'>
  /** How often; each minute unless said otherwise. Besides, there is one at the end, also when the signal ends it. */
  readonly every?: Every
}

/** Whichever comes first. */
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

/** Saves checkpoints when it is time for them. */
export class Saver {
  readonly #store: Checkpoints['store'] | undefined
  readonly #every: Every
  #last: Moment

  /** `last` is when the last one was saved, or when training began. */
  constructor({ store, every = { seconds: 60 } }: Partial<Checkpoints>, last: Moment) {
    if (every.steps !== undefined) expectCount(every.steps, 'the steps between checkpoints')
    if (every.epochs !== undefined) expectCount(every.epochs, 'the epochs between checkpoints')
    if (every.seconds !== undefined) expectPositive(every.seconds, 'the seconds between checkpoints')
    this.#store = store
    this.#every = every
    this.#last = last
  }

  /** Saves one if it is time. */
  async tick(now: Moment, take: () => Checkpoint): Promise<void> {
    const { steps = Infinity, seconds = Infinity, epochs = Infinity } = this.#every
    const { step, elapsed, epochs: whole } = this.#last
    if (now.step - step >= steps || now.elapsed - elapsed >= seconds || now.epochs - whole >= epochs) await this.save(now, take)
  }

  /** Saves one now, unless nothing has happened since the last. */
  async save(now: Moment, take: () => Checkpoint): Promise<void> {
    if (!this.#store || now.step === this.#last.step) return
    await this.#store.save(take())
    this.#last = now
  }
}
