import type { ReadBack } from '@recurra/backend'
import type { Frame } from '@recurra/layers'
import type { Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import type { CarriedState } from './carried-state.ts'
import type { LayerFrames } from './frames-of.ts'
import type { Outputs } from './model-call.ts'

/** A model and its loss, planned for batches of one size: what an evaluation works with. */
export interface ScoringCall {
  readonly loss: LossFrame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  readonly items: number
  /** Reads what the loss came to, and what is to be read with it. */
  readonly readBack: ReadBack
  /** What a mean divides by, once it was read back. */
  readonly count: number
  /**
   * Loads a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  load(batch: Batch, step: number): void
  /** x, initial -> final, and what `readBack` reads. */
  computeLoss(): void
  /** What the model gave for the last batch. */
  outputs(): Required<Outputs> | Promise<Required<Outputs>>
}

/** The same in training: what a training step works with. */
export interface TrainingCall extends ScoringCall {
  readonly frame: Frame
  /** d loss / d initial state of the last batch, [batch, …] for each slot. */
  readonly initialStateGradients: { readonly [slot: string]: Tensor }
  /** The loss, once it was read back. */
  readonly value: number
  /** The gradients of the next backward pass become a share of what they would be. */
  scale(share: number): void
  /** Adds to the gradients of the parameters. */
  backward(): void
  /** What the batch leaves, once its step has succeeded: the state for the next one, and running statistics. */
  commit(): void
  /** What the layers computed in the last forward pass, part by part: each is there until the next is asked for. */
  readonly computed: Iterable<LayerFrames>
}
