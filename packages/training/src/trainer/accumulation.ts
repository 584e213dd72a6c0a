import type { Reduction } from '../losses/loss.ts'
import type { TrainingCall } from './loss-call.ts'
import type { Gradients } from './gradients.ts'

/**
 * Batches that make one update together, as if they were one batch: where the loss is a mean, each counts by what its
 * own mean was over, so that a batch with much padding counts less.
 */
export class Accumulation {
  /** Batches so far. */
  parts = 0
  /** The loss of all of them. */
  loss = 0
  /** Their steps, without padding. */
  items = 0
  readonly #isMean: boolean
  #count = 0 // of all but the last
  #last: TrainingCall | undefined

  constructor(reduction: Reduction) {
    this.#isMean = reduction === 'mean'
  }

  /**
   * Takes a batch in that has gone forward: what gradients there are and what its way back will add to them get their
   * shares.
   */
  add(call: TrainingCall, loss: number, gradients: Gradients): void {
    if (this.parts === 0) {
      gradients.clear()
      this.loss = loss
      this.items = call.items
    } else {
      if (this.#isMean) this.#average(call, loss, gradients)
      else this.loss += loss
      this.items += call.items
    }
    this.parts++
    this.#last = call
  }

  /** What a mean over all of them divides by, once the loss of the last was read. */
  get count(): number {
    return this.#count + (this.#last?.count ?? 0)
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

  #average(call: TrainingCall, loss: number, gradients: Gradients): void {
    const { count } = call
    const share = count > 0 ? count / (this.#count + count) : 0
    gradients.scale(1 - share)
    call.scale(share)
    this.loss += share * (loss - this.loss)
  }
}
