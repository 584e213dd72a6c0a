import type { Layer, Lengths } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'

/** What steps are counted of. */
export interface RealStepsPlan {
  /** The name of the lengths in error messages. */
  readonly what: string
  /** Steps of the longest sequence. */
  readonly steps: number
  readonly batch: number
  /** Whether there are steps: a vector has none, and layers see no lengths. */
  readonly sequences: boolean
}

/** Which steps of the sequences of a batch are real, and what layers see of it. */
export interface RealSteps {
  /** Of the last batch, 1 where a step is real: [batch, time], or [batch, 1] of vectors. */
  readonly real: Uint8Array
  /** Of the last batch, 1 where there is a sequence at all: [batch]. */
  readonly present: Uint8Array
  /** What layers see of it, [batch, time]: at least one step of each sequence. Empty where they see nothing. */
  readonly shown: Uint8Array
  /** The same, as layers see it. */
  readonly lengths: Lengths | undefined
  /**
   * Takes the lengths of a batch, without which all sequences are full, or its mask. Layers see nothing of it yet.
   * @throws `ConfigurationError` if there are some and it was not planned for them, or both; then nothing has changed.
   * @throws `ShapeError` or `ValueError` as `checkLengths` and `checkMask`; then nothing has changed.
   */
  stage(lengths: ArrayLike<number> | undefined, mask?: ArrayLike<number>): void
  /** Sequence b of the batch is not there. */
  leaveOut(b: number): void
  /** The number of real steps of sequence b. */
  count(b: number): number
  /** Shows layers what was staged. */
  write(): void
}

/** Plans it for full batches, which take no work. */
export const fullStepsOf = (_: Layer, { what, steps, batch, sequences }: RealStepsPlan): RealSteps => {
  const width = sequences ? steps : 1
  return {
    real: new Uint8Array(width * batch).fill(1),
    present: new Uint8Array(batch).fill(1),
    shown: new Uint8Array(),
    lengths: undefined,
    stage(lengths, mask) {
      if (!lengths && !mask) return
      throw new ConfigurationError({
        where: mask ? 'mask' : what,
        expected: 'a plan for padded batches',
        got: 'a plan for full ones',
        fix: 'Plan with { padded: true }.',
      })
    },
    leaveOut() {},
    count: () => width,
    write() {},
  }
}
