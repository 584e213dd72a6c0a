import { after, type ReadBack } from '@recurra/backend'
import type { Layer } from '@recurra/layers/authoring'
import { tensorOver } from '@recurra/tensor'
import type { Batch } from '../../data/batch.ts'
import type { LossFrame } from '../../losses/loss.ts'
import type { LossCallOptions, ScoringCall } from '../loss-call.ts'
import type { Outputs } from '../model-call.ts'
import { lossOfLast } from './loss-of-last.ts'
import { lossPerStep } from './loss-per-step.ts'
import type { SegmentLoss } from './segment-loss.ts'
import { SegmentedCall, type SegmentsPlan } from './segmented-call.ts'

/** A model that reads long sequences in segments, and its loss, with the bits of `LossCall`. */
export class SegmentedLossCall extends SegmentedCall implements ScoringCall {
  readonly loss: LossFrame
  readonly readBack: ReadBack
  protected readonly segmentLoss: SegmentLoss

  /** @throws `ConfigurationError` if the loss needs whole sequences. */
  constructor(layer: Layer, { loss, readWithLoss = [], ...options }: LossCallOptions, plan: SegmentsPlan) {
    super(layer, options, plan)
    this.segmentLoss = this.last
      ? lossOfLast(this.segments, this.last, loss, options)
      : lossPerStep(this.segments, loss, options)
    this.loss = this.segmentLoss.frame
    this.readBack = layer.backend.readBack([...this.loss.scalars, ...readWithLoss])
  }

  protected override checkBatch(batch: Batch, step: number): void {
    super.checkBatch(batch, step)
    this.segmentLoss.stage(batch, step)
  }

  protected override writeBatch(): void {
    super.writeBatch()
    this.segmentLoss.write()
  }

  computeLoss(): void {
    this.forward()
    this.segmentLoss.finish()
  }

  protected override throughSegment(index: number): void {
    super.throughSegment(index)
    this.segmentLoss.forward(index)
  }

  override outputs(): Required<Outputs> | Promise<Required<Outputs>> {
    const counted = Float32Array.from(this.segmentLoss.counted())
    return after(super.outputs(), ({ y }) => ({ y, counts: tensorOver(counted, y.shape.slice(0, -1)) }))
  }

  get value(): number {
    return this.loss.value(this.readBack.values)
  }

  get count(): number {
    return this.readBack.values[1]!
  }
}
