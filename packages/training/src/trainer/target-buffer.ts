import type { CallShape, Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import { inputBufferOf } from './input-buffer.ts'
import type { RealSteps } from './real-steps.ts'

/** Takes in the targets of a batch, and which rows count. */
export interface TargetBuffer {
  /** What was staged, time-major. */
  readonly staged: Float64Array
  /**
   * Checks the targets of a batch whose input has these steps.
   * @throws `ShapeError` or `ValueError` if they cannot be used; then nothing has changed.
   * @throws `ConfigurationError` if the batch has gaps, and the loss one target for the whole sequence.
   */
  stage(batch: Batch, x: RealSteps, step: number): void
  /** 1 for rows that count, time-major; the first `repeated` steps were in the batch before, and do not again. */
  counted(x: RealSteps, repeated: number): Uint8Array
}

/** Plans it for what a model gives, and for the kind and the shape of targets of its loss. */
export const targetBufferOf = (
  { backend, out }: Layer, { steps: given, batch, mode, lengths }: CallShape,
  { classes, range, perSequence = false }: Pick<LossFrame, 'classes' | 'range' | 'perSequence'>,
  shape: readonly number[],
): TargetBuffer => {
  const modelSteps = out.kind === 'vector' ? 1 : given
  const steps = perSequence ? 1 : modelSteps
  const values = inputBufferOf(backend, { what: 'target', shape, steps, batch, mode, classes, range })
  // the step of x on which each step of y depends, where lengths count them
  const origins = lengths && Int32Array.from({ length: modelSteps }, (_, t) => lengths.origin(t))
  const targetReal = new Uint8Array(steps * batch) // [batch, time]
  const counts = new Uint8Array(modelSteps * batch)
  /** Whether step t of what the model gives counts; a sequence that is not there has none, whatever the lengths. */
  const isReal = (b: number, t: number, { real, present }: RealSteps): number =>
    origins ? present[b]! * real[(b * real.length) / present.length + origins[t]!]! : present[b]!
  return {
    staged: values.staged,
    stage({ target, mask }, x, step) {
      if (mask && perSequence) throw refuseGaps()
      for (let b = 0; b < batch; b++)
        for (let t = 0; t < steps; t++) targetReal[b * steps + t] = perSequence ? x.present[b]! : isReal(b, t, x)
      values.stage(target, targetReal, step)
    },
    counted(x, repeated) {
      for (let t = 0; t < modelSteps; t++)
        for (let b = 0; b < batch; b++) counts[t * batch + b] = t >= repeated ? isReal(b, t, x) : 0
      return counts
    },
  }
}

const refuseGaps = (): ConfigurationError =>
  new ConfigurationError({
    where: 'mask',
    expected: 'lengths, for a loss with one target for the whole sequence',
    got: 'a mask',
    fix: 'Take the steps of the gaps out of the sequences.',
  })
