import { expectAtOnce, type Scope } from '@recurra/backend'
import type { Frame, Layer } from '@recurra/layers'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import { expectModel } from '../part-options.ts'
import type { Measured } from '../schedules/schedule.ts'
import { callExtras } from './call-extras.ts'
import { decisionOf } from './decision.ts'
import * as diagnosis from './diagnosis.ts'
import { planTrainer, trainerOptions, type PlannedTrainer, type TrainerOptions } from './plan-trainer.ts'
import { recomputing } from './segments/recomputed-run.ts'
import { restoreTrainer, saveTrainer } from './trainer-state.ts'

/**
 * A model with its loss and optimizer, planned for batches of one size, for your own training loops. (Most programs use
 * `fit`.) A warm step allocates nothing.
 *
 * ```ts
 * import { dense, meanSquaredError, rnn, sequential, sgd, Trainer } from 'recurra'
 *
 * const model = sequential(1, [rnn(4), dense(1)])
 * const trainer = new Trainer(model, {
 *   loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }), steps: 3, batch: 1,
 * })
 * for (let i = 0; i < 100; i++) trainer.step({ x: [0.1, 0.2, 0.3], target: [0.2, 0.3, 0.4] })
 * ```
 * @throws `ConfigurationError` from every member after disposal.
 */
export class Trainer implements Disposable {
  readonly #scope: Scope<PlannedTrainer>
  #disposed = false

  /** @throws `ConfigurationError` if an option is unknown or invalid, or does not fit the model or the others. */
  constructor(layer: Layer, given: TrainerOptions) {
    expectModel(layer, 'Trainer')
    const { profile, recompute, ...options } = trainerOptions(given)
    const planCall = recompute === undefined ? undefined : recomputing(recompute)
    const plan = { ...options, diagnosis, decisionOf, ...callExtras, planCall }
    this.#scope = layer.backend.scope(() => planTrainer(layer, plan), profile && { profile })
  }

  /** The frame of the model for the length of the last batch; with `recompute`, its activations are of a segment. */
  get frame(): Frame {
    return this.#planned.calls.current.run.frame
  }

  /** The frame of the loss, with the loss of each row. With `recompute`, its target is that of a segment. */
  get loss(): LossFrame {
    return this.#planned.calls.current.loss.frame
  }

  /** The optimizer with its state. */
  get optimizerState(): OptimizerState {
    return this.#planned.optimizerState
  }

  /** The Euclidean norm of all gradients together in the last step, before clipping. */
  get gradientNorm(): number {
    return this.#planned.gradients.norm
  }

  /**
   * d loss / d initial state of the last batch, [batch, …] for each slot, to learn the state that sequences start
   * from. With accumulated batches, the loss is the mean over all of them. Clipping does not change it.
   */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#planned.calls.current.initialState.gradients
  }

  /** The learning rate of the last step. */
  get learningRate(): number {
    return this.#planned.optimizerState.learningRate
  }

  /** Steps of all sequences in the batches of the last update, without padding. */
  get items(): number {
    return this.#planned.accumulation.items
  }

  /**
   * Makes one update from a batch and from those that `add` has added; returns the loss of this batch. Schedules read
   * `done`, the fraction of the training that is done, and `measured`, all validation results so far. After an error,
   * parameters, optimizer state and carried state are as before the step; added batches are discarded.
   * @throws `ShapeError` or `ValueError` if the batch is invalid; the error names the position.
   * @throws `NotFiniteError` if the loss or a gradient is not finite; the error names the layer.
   * @throws `ConfigurationError` if the batch does not fit the plan, or the backend or the communicator is
   * asynchronous.
   */
  step(batch: Batch, done?: number, measured?: readonly Measured[]): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `stepAsync`')
    return this.stepAsync(batch, done, measured) as number
  }

  /**
   * Like `step`, for any backend: a promise if the backend is asynchronous. Loss and norms are read back once,
   * together. With a communicator, the loss is that of all processes.
   * @throws `ShapeError`, `ValueError`, `NotFiniteError` or `ConfigurationError` as `step`.
   */
  stepAsync(batch: Batch, done?: number, measured?: readonly Measured[]): number | Promise<number> {
    return this.#planned.training.step(batch, done, measured)
  }

  /**
   * Adds a batch to the next update, and returns its loss. Several batches give the same update as one batch with all
   * their sequences, in the memory of one of them.
   * @throws `ShapeError`, `ValueError`, `NotFiniteError` or `ConfigurationError` as `step`.
   */
  add(batch: Batch): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `addAsync`')
    return this.addAsync(batch) as number
  }

  /** Like `add`, for any backend: a promise if the backend is asynchronous. */
  addAsync(batch: Batch): number | Promise<number> {
    return this.#planned.training.add(batch)
  }

  /**
   * Makes one update from the added batches; returns the loss over all of them.
   * @throws `NotFiniteError` if a gradient is not finite; the error names the layer.
   * @throws `ConfigurationError` if no batch was added, or the backend is asynchronous.
   */
  update(done?: number, measured?: readonly Measured[]): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `updateAsync`')
    return this.updateAsync(done, measured) as number
  }

  /** Like `update`, for any backend: a promise if the backend is asynchronous. */
  updateAsync(done?: number, measured?: readonly Measured[]): number | Promise<number> {
    return this.#planned.training.update(done, measured)
  }

  /** Resets the carried state to zero. */
  resetState(): void {
    this.#planned.calls.current.carried.reset()
  }

  /**
   * Returns a checkpoint: a copy of everything that the next step depends on, except the batches and their order.
   * @throws `ConfigurationError` between `add` and `update`, or if the backend is asynchronous.
   */
  save(): Checkpoint {
    expectAtOnce(this.#planned.layer.backend, '`fit` with checkpoints, or `saveAsync`')
    return this.saveAsync() as Checkpoint
  }

  /** Like `save`, for any backend: a promise if the backend is asynchronous. */
  saveAsync(): Checkpoint | Promise<Checkpoint> {
    return saveTrainer(this.#planned)
  }

  /**
   * Restores a checkpoint, without the progress of `fit`: the next steps are bit-identical to those that followed the
   * checkpoint. Accumulated batches are discarded.
   * @throws `CheckpointError` if it belongs to another model or optimizer, or if a hyperparameter other than the
   * learning rate differs: the error names the difference, and nothing has changed.
   */
  restore(checkpoint: Checkpoint): void {
    restoreTrainer(this.#planned, checkpoint)
  }

  /** Frees the memory of the trainer and its optimizer; the trainer cannot be used afterwards, but the model can. */
  [Symbol.dispose](): void {
    this.#disposed = true
    this.#scope[Symbol.dispose]()
  }

  get #planned(): PlannedTrainer {
    if (!this.#disposed) return this.#scope.value
    throw new ConfigurationError({
      where: 'trainer',
      expected: 'one in use',
      got: 'one that was disposed of',
      fix: 'Make a new one: new Trainer(model, …).',
    })
  }
}
