import type { Reduction } from '../losses/loss.ts'
import type { Gradients } from './gradients.ts'
import type { TrainingCall } from './model-call.ts'

/**
 * Batches that make one update together, as if they were one batch: where the loss is a mean, each counts by what its
 * own mean was over, so that a batch with much padding counts less.
 */
export class Accumulation {
  /** Batches so far. */
  parts = 0
  /** The loss of all of them. */
  loss = 0
  /** The loss of the last one. */
  lossOfLast = 0
  /** Their steps, without padding. */
  items = 0
  readonly #isMean: boolean
  #count = 0 // of all but the last
  #last: TrainingCall | undefined

  constructor(reduction: Reduction) {
    this.#isMean = reduction === 'mean'
  }

  /**
   * Takes the first batch of an update, which has gone forward. Its loss may still have to be read: `loss` is set then.
   */
  begin(call: TrainingCall, gradients: Gradients): void {
    gradients.clear()
    this.items = call.items
    this.parts = 1
    this.#last = call
  }

  /** Takes a batch that has gone forward -> its share of the gradients; those before it get theirs. */
  add(call: TrainingCall, loss: number, gradients: Gradients): number {
    this.lossOfLast = loss
    if (this.parts === 0) {
      this.begin(call, gradients)
      this.loss = loss
      return 1
    }
    this.items += call.items
    this.parts++
    this.#last = call
    if (this.#isMean) return this.#average(call.loss.readBack.values.count[0]!, loss, gradients)
    this.loss += loss
    return 1
  }

  /** What a mean over all of them divides by, once the loss of the last was read. */
  get count(): number {
    return this.#count + (this.#last?.loss.readBack.values.count[0] ?? 0)
  }

  /** The next batch continues where the last one ended, if the state is carried. */
  continueFromLast(): void {
    if (!this.#last) return
    this.#count = this.count
    this.#last.commit()
    this.#last = undefined
  }

  /**
   * The next batch is the first of an update; the state is that after the last one if the update was `made`, and else
   * as it was before it.
   */
  end(made: boolean): void {
    if (made) this.#last?.commit()
    this.#last = undefined
    this.#count = 0
    this.parts = 0
  }

  #average(count: number, loss: number, gradients: Gradients): number {
    const share = count > 0 ? count / (this.#count + count) : 0
    gradients.scale(1 - share)
    this.loss += share * (loss - this.loss)
    return share
  }
}
