import type { Batch } from '../../data/batch.ts'
import type { LossFrame } from '../../losses/loss.ts'
import type { LayerFrames } from '../frames-of.ts'

/** What follows the segments: the loss of their steps, or layers that read what sequences end with, and its loss. */
export interface Ending {
  /** The loss, with the scalars of all segments. */
  readonly loss: LossFrame
  /** The layers that run once for all segments. */
  readonly layers: LayerFrames
  /**
   * Checks the targets of a batch.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if they cannot be used; then nothing has changed.
   */
  stage(batch: Batch, step: number): void
  /** Hands over what the whole batch shares. */
  write(): void
  /** After the forward pass of a segment, the first time. */
  forward(index: number): void
  /** After the forward pass of all segments -> the scalars of the loss. */
  finish(): void
  /** Before the backward pass. Gradients become a share of what they would be. */
  turn(share: number): void
  /** After the forward pass of a segment was repeated -> the gradient of its output. */
  backward(index: number): void
}
