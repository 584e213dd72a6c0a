import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import type { Measured } from '../schedules/schedule.ts'
import type { Accumulation } from './accumulation.ts'
import type { Buckets } from './buckets.ts'
import { gradientFault, lossFault } from './diagnosis.ts'
import type { Gradients } from './gradients.ts'
import type { LossCall } from './loss-call.ts'
import type { NotFiniteError } from './not-finite-error.ts'

/** What a step works with. */
export interface StepParts {
  readonly calls: Buckets<LossCall>
  readonly gradients: Gradients
  readonly optimizerState: OptimizerState
  readonly accumulation: Accumulation
}

/** How far the training is, for schedules. */
type Progress = readonly [done?: number, measured?: readonly Measured[]]

/**
 * What a trainer does with a batch: forward, backward, one read-back, update. Where the backend answers later, results
 * are promises.
 */
export class TrainingStep {
  readonly #layer: Layer
  readonly #planned: StepParts

  constructor(layer: Layer, planned: StepParts) {
    this.#layer = layer
    this.#planned = planned
  }

  /** One update from a batch, and from those that were added before -> the loss of this batch. */
  step(batch: Batch, done?: number, measured?: readonly Measured[]): number | Promise<number> {
    const { gradients, accumulation } = this.#planned
    if (accumulation.parts > 0) return this.#addAndUpdate(batch, done, measured)
    const call = this.#forward(batch)
    accumulation.add(call, 0, gradients)
    try {
      call.frame.backward()
      gradients.measure()
    } catch (error) {
      accumulation.end(false)
      throw error
    }
    const waiting = call.readBack.run()
    return waiting ? this.#finishLater(waiting, call, done, measured) : this.#finish(call, done, measured)
  }

  /** Lets a batch take part in the next update -> its loss. */
  add(batch: Batch): number | Promise<number> {
    const call = this.#forward(batch)
    const waiting = call.readBack.run()
    return waiting ? this.#backwardLater(waiting, call) : this.#backward(call)
  }

  /** One update from the batches that were added -> the loss of all of them. */
  update(done?: number, measured?: readonly Measured[]): number | Promise<number> {
    const { gradients, accumulation } = this.#planned
    if (accumulation.parts === 0)
      throw new ConfigurationError({
        where: 'update',
        expected: 'batches to make it from',
        got: 'none',
        fix: 'Call add(batch) first, or step(batch).',
      })
    gradients.measure()
    const waiting = gradients.readBack.run()
    return waiting ? this.#updatedLater(waiting, done, measured) : this.#updated(done, measured)
  }

  /** The end of an update, the norms being read. */
  #updated(done: number | undefined, measured: readonly Measured[] | undefined): number {
    this.#update(this.#planned.gradients.readBack.values, 0, done, measured)
    return this.#planned.accumulation.loss
  }

  // What waits is apart from what does not: a function with a closure allocates its context at every call.

  async #addAndUpdate(batch: Batch, done?: number, measured?: readonly Measured[]): Promise<number> {
    const loss = await this.add(batch)
    await this.update(done, measured)
    return loss
  }

  async #finishLater(waiting: Promise<void>, call: LossCall, ...rest: Progress): Promise<number> {
    await waiting
    return this.#finish(call, ...rest)
  }

  async #backwardLater(waiting: Promise<void>, call: LossCall): Promise<number> {
    await waiting
    return this.#backward(call)
  }

  async #updatedLater(waiting: Promise<void>, ...rest: Progress): Promise<number> {
    await waiting
    return this.#updated(...rest)
  }

  /** Goes through the model and the loss. */
  #forward(batch: Batch): LossCall {
    const { calls, optimizerState, accumulation } = this.#planned
    try {
      accumulation.continueFromLast()
      const call = calls.load(batch, optimizerState.steps + 1)
      call.computeLoss()
      return call
    } catch (error) {
      accumulation.end(false)
      throw error
    }
  }

  /** Goes back through the model, the loss being read. */
  #backward(call: LossCall): number {
    const { gradients, accumulation } = this.#planned
    try {
      const loss = call.value
      if (!Number.isFinite(loss)) throw this.#fault(call, loss)
      accumulation.add(call, loss, gradients)
      call.frame.backward()
      return loss
    } catch (error) {
      accumulation.end(false)
      throw error
    }
  }

  /** The end of a step of one batch, everything being read. */
  #finish(call: LossCall, done: number | undefined, measured: readonly Measured[] | undefined): number {
    const { accumulation } = this.#planned
    try {
      const loss = call.value
      if (!Number.isFinite(loss)) throw this.#fault(call, loss)
      accumulation.loss = loss
      this.#update(call.readBack.values, call.loss.scalars.length, done, measured)
      return loss
    } catch (error) {
      accumulation.end(false)
      throw error
    }
  }

  #fault({ frame, loss: { remedy } }: LossCall, loss: number): NotFiniteError {
    return lossFault(this.#layer, frame, loss, this.#planned.optimizerState.steps + 1, remedy)
  }

  /** Clips and updates, from the norms that were read. */
  #update(read: Float64Array, from: number, done: number | undefined, measured: readonly Measured[] | undefined): void {
    const { gradients, optimizerState, accumulation } = this.#planned
    optimizerState.setLearningRate(done, measured)
    gradients.take(read, from)
    const sound = Number.isFinite(gradients.norm)
    if (sound) {
      gradients.clip()
      optimizerState.step()
    }
    accumulation.end(sound)
    if (!sound) throw gradientFault(gradients.broken(), optimizerState.steps + 1)
  }
}
