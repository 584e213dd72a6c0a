import type { Batch } from '../data/batch.ts'
import type { LossFrame, LossScalars } from '../losses/loss.ts'
import { readByName, type NamedReadBack } from '../read-by-name.ts'
import type { CallLoss, CallLossOptions } from './call-loss.ts'
import type { UpdateScalars } from './decision.ts'
import type { ModelCall, ModelCallPlan } from './model-call.ts'
import type { ModelRun, TrainableRun } from './model-run.ts'

/** What a call of a model and its loss is planned for. */
export interface LossCallOptions extends ModelCallPlan, CallLossOptions {}

/** The call of a training step. */
export type TrainingCall = LossCall<TrainableRun, UpdateScalars>

/** A model and its loss, planned for batches of one size. */
export class LossCall<Run extends ModelRun = ModelRun, Others extends object = {}> {
  readonly model: ModelCall<Run>
  /** Reads the scalars of the loss, and what is to be read with them. */
  readonly readBack: NamedReadBack<LossScalars & Others>
  readonly #loss: CallLoss

  constructor(model: ModelCall<Run>, loss: CallLoss, readWithLoss: Others) {
    const { sum, count, scale } = loss.frame
    this.model = model
    this.readBack = readByName(model.layer.backend, { sum, count, scale, ...readWithLoss })
    this.#loss = loss
  }

  /** The frame of the loss. */
  get loss(): LossFrame {
    return this.#loss.frame
  }

  /**
   * Loads a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  loadBatch(batch: Batch, step: number): void {
    this.model.stage(batch, step)
    this.#loss.stage(batch, step)
    this.model.write()
    this.#loss.write()
  }

  /** x, initial, target -> y, final, and what `readBack` reads. */
  forward(): void {
    this.model.forward(this.#loss.forward)
    this.#loss.finish()
  }

  /** Adds to the gradients of the parameters a share of what those of this batch would be by itself. */
  backward(this: TrainingCall, share: number): void {
    this.#loss.turn(share)
    this.model.run.backward(this.#loss.backward)
  }

  /** What the batch leaves, once its step has succeeded: the state for the next one, and running statistics. */
  commit(this: TrainingCall): void {
    this.model.carried.continueFromLast()
    this.model.run.commit()
  }

  /** 1 for rows of the last batch that count, time-major. */
  counted(): Uint8Array {
    return this.#loss.counted()
  }

  /** The loss, once it was read back. */
  get value(): number {
    return this.loss.value(this.readBack.values)
  }

  /** What a mean divides by, once it was read back. */
  get count(): number {
    return this.readBack.values.count[0]!
  }
}
