import { expectAtOnce, type Scope } from '@recurra/backend'
import type { Frame, Layer } from '@recurra/layers'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import { expectModel } from '../part-options.ts'
import type { Measured } from '../schedules/schedule.ts'
import { planTrainer, trainerOptions, type PlannedTrainer, type TrainerOptions } from './plan-trainer.ts'
import { restoreTrainer, saveTrainer } from './trainer-state.ts'

/**
 * A model with its loss and optimizer, planned for batches of one size: for training loops of your own. (`fit` is the
 * loop that most people want.) A warm step allocates nothing.
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
 * @throws `ConfigurationError` from every member, once it was disposed of.
 */
export class Trainer implements Disposable {
  readonly #scope: Scope<PlannedTrainer>
  #disposed = false

  /**
   * @throws `ConfigurationError` if an option is unknown or invalid, or does not fit the model or the others.
   */
  constructor(layer: Layer, given: TrainerOptions) {
    expectModel(layer, 'Trainer')
    const { profile, ...options } = trainerOptions(given)
    this.#scope = layer.backend.scope(() => planTrainer(layer, options), profile && { profile })
  }

  /** The memory of the model's calls: of batches like the last one, where they differ in length. */
  get frame(): Frame {
    return this.#planned.calls.current.frame
  }

  /** The memory of the loss: what each row lost, say. */
  get loss(): LossFrame {
    return this.#planned.calls.current.loss
  }

  /** The optimizer with its memory. */
  get optimizerState(): OptimizerState {
    return this.#planned.optimizerState
  }

  /** The Euclidean length of all gradients together in the last step, before clipping. */
  get gradientNorm(): number {
    return this.#planned.gradients.norm
  }

  /**
   * d loss / d initial state of the last batch, [batch, …] for each slot, to learn the state that sequences start
   * from. Where several batches make one update, that of its share of their mean. Clipping does not change it.
   */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#planned.calls.current.initialStateGradients
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
   * One update from a batch, and from those that were added before; answers with the loss of this batch. `done` is the
   * share of the training that is over (0 to 1), and `measured` all that was measured on validation data so far, for
   * learning rates that follow them.
   *
   * After an error parameters and the optimizer's memory are as before, and so is the carried state, but for batches
   * that were added before; those are forgotten.
   * @throws `ShapeError` or `ValueError` if the batch cannot be used; it says where.
   * @throws `NotFiniteError` if the loss or a gradient is not finite; it says in which layer.
   * @throws `ConfigurationError` if it has what was not planned, or the backend or `reduceGradients` answers later.
   */
  step(batch: Batch, done?: number, measured?: readonly Measured[]): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `stepAsync`')
    return this.stepAsync(batch, done, measured) as number
  }

  /**
   * As `step`, on any backend: a promise where it answers later. Loss and norms are read back once, together. Where
   * `reduceGradients` is given, the loss is that of all processes.
   * @throws `ShapeError`, `ValueError`, `NotFiniteError` or `ConfigurationError` as `step`.
   */
  stepAsync(batch: Batch, done?: number, measured?: readonly Measured[]): number | Promise<number> {
    return this.#planned.training.step(batch, done, measured)
  }

  /**
   * Lets a batch take part in the next update, and answers with its loss: several batches then make one, with the same
   * result as one batch of all their sequences, in the memory of one of them.
   * @throws `ShapeError`, `ValueError`, `NotFiniteError` or `ConfigurationError` as `step`.
   */
  add(batch: Batch): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `addAsync`')
    return this.addAsync(batch) as number
  }

  /** As `add`, on any backend: a promise where it answers later. */
  addAsync(batch: Batch): number | Promise<number> {
    return this.#planned.training.add(batch)
  }

  /**
   * One update from the batches that were added; answers with the loss of all of them.
   * @throws `NotFiniteError` if a gradient is not finite; it says in which layer.
   * @throws `ConfigurationError` if none was added, or the backend answers later.
   */
  update(done?: number, measured?: readonly Measured[]): number {
    expectAtOnce(this.#planned.answers, '`fit`, or `updateAsync`')
    return this.updateAsync(done, measured) as number
  }

  /** As `update`, on any backend: a promise where it answers later. */
  updateAsync(done?: number, measured?: readonly Measured[]): number | Promise<number> {
    return this.#planned.training.update(done, measured)
  }

  /** The next step starts from a state of zero, even where the state is carried. */
  resetState(): void {
    this.#planned.calls.current.carried.reset()
  }

  /**
   * A checkpoint: all that the next step depends on, copied, but for the batches and their order.
   * @throws `ConfigurationError` in the middle of an update, after `add`, or if the backend answers later.
   */
  save(): Checkpoint {
    expectAtOnce(this.#planned.layer.backend, '`fit` with checkpoints, or `saveAsync`')
    return this.saveAsync() as Checkpoint
  }

  /** As `save`, on any backend: a promise where it answers later. */
  saveAsync(): Checkpoint | Promise<Checkpoint> {
    return saveTrainer(this.#planned)
  }

  /**
   * Returns to a checkpoint: the next steps repeat bit-identically those that came after it. Batches that were added
   * are forgotten. The progress of `fit` in it, if any, is ignored.
   * @throws `CheckpointError` if it is of another model or optimizer, or of one with other constants or groups
   * (learning rates may differ); it says what differs, and nothing has changed then.
   */
  restore(checkpoint: Checkpoint): void {
    restoreTrainer(this.#planned, checkpoint)
  }

  /** Gives the memory back, that of the optimizer too; the trainer cannot be used any more. The model can. */
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
