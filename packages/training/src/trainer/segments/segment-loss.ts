import type { Batch } from '../../data/batch.ts'
import type { LossFrame } from '../../losses/loss.ts'

/** What the loss of segments is planned for. */
export interface SegmentLossOptions {
  /** Whether batches come with lengths. Default: false. */
  readonly padded?: boolean | undefined
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
}

/** The loss of what segments give. */
export interface SegmentLoss {
  /** The loss, with the scalars of all segments. */
  readonly frame: LossFrame
  /**
   * Checks the targets of a batch.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if they cannot be used; then nothing has changed.
   */
  stage(batch: Batch, step: number): void
  /** 1 for rows of the batch that count, time-major. */
  counted(): Uint8Array
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
