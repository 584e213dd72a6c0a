import type { Backend } from '@recurra/backend'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame, LossScalars } from '../losses/loss.ts'
import { readByName, type NamedReadBack } from '../read-by-name.ts'
import type { AtSegment } from './model-run.ts'

/** What the loss of a call is planned for. */
export interface CallLossOptions {
  /** What is minimized. */
  readonly loss: Loss
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
}

/** The loss of a call: of a whole output, or of that of segments. */
export interface CallLoss<Others extends object = {}> {
  /** The loss, with the scalars of all segments. */
  readonly frame: LossFrame
  /** Reads its scalars, and what is to be read with them. */
  readonly readBack: NamedReadBack<LossScalars & Others>
  /**
   * Checks the targets of a batch.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if they cannot be used; then nothing has changed.
   */
  stage(batch: Batch, step: number): void
  /** Hands over what the whole batch shares. */
  write(): void
  /** 1 for rows of the last batch that count, time-major. */
  counted(): Uint8Array
  /** After the forward pass of the model -> the scalars of the loss. */
  forward(): void
  /** After the forward pass of a segment, the first time. Default: the loss needs the whole output. */
  readonly forwardAt?: AtSegment
  /** Before the backward pass -> the gradient of the output, a share of what it would be. */
  backward(share: number): void
  /** Before the backward pass of a segment -> the gradient of its output. Default: `backward` gave it. */
  readonly backwardAt?: AtSegment
}

/** Plans to read the scalars of a loss, and others with them. */
export const readLoss = <Others extends object>(
  backend: Backend, { sum, count, scale }: LossFrame, others: Others,
): NamedReadBack<LossScalars & Others> => readByName(backend, { sum, count, scale, ...others })
