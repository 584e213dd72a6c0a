import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import type { ModelCallOptions } from './model-call.ts'
import type { AtSegment } from './model-run.ts'

/** What the loss of a call is planned for. */
export interface CallLossOptions extends Pick<ModelCallOptions, 'steps' | 'padded' | 'stride'> {
  /** What is minimized. */
  readonly loss: Loss
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
}

/** The loss of a call: of a whole output, or of that of segments. */
export interface CallLoss {
  /** The loss, with the scalars of all segments. */
  readonly frame: LossFrame
  /**
   * Checks the targets of a batch.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if they cannot be used; then nothing has changed.
   */
  stage(batch: Batch, step: number): void
  /** 1 for rows of the last batch that count, time-major. */
  counted(): Uint8Array
  /** Hands over what the whole batch shares. */
  write(): void
  /** After the forward pass of a segment, the first time. Default: the loss needs the whole output. */
  readonly forward?: AtSegment
  /** After the forward pass of the model -> the scalars of the loss. */
  finish(): void
  /** Before the backward pass, whose gradients become a share of what they would be. */
  turn(share: number): void
  /** Before the backward pass of a segment -> the gradient of its output. Default: `turn` gave that of the whole. */
  readonly backward?: AtSegment
}
