import type { checkLengths, checkMask, Layer, Lengths } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'

/** What lengths are checked with, and kept in. */
export interface LengthExtras {
  readonly checkLengths: typeof checkLengths
  readonly checkMask: typeof checkMask
  readonly Lengths: typeof Lengths
}

/** What steps are counted of. */
export interface RealStepsPlan {
  /** The name of the lengths in error messages. */
  readonly what: string
  /** Steps of the longest sequence. */
  readonly steps: number
  readonly batch: number
  /** Whether batches come with lengths or masks. */
  readonly padded: boolean
  /** Whether there are steps: a vector has none, and layers see no lengths. */
  readonly sequences: boolean
  /** Where batches come with lengths or masks. */
  readonly extras: LengthExtras | undefined
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

/** Plans it. */
export const realStepsOf = (
  { backend }: Layer, { what, steps, batch, padded, sequences, extras }: RealStepsPlan,
): RealSteps => {
  const width = sequences ? steps : 1
  const [real, present] = [new Uint8Array(width * batch), new Uint8Array(batch)]
  const shownLengths = padded && sequences ? new extras!.Lengths(backend, steps, batch) : undefined
  const shown = new Uint8Array(shownLengths ? real.length : 0)
  return {
    real,
    present,
    shown,
    lengths: shownLengths,
    stage(lengths, mask) {
      const where = mask ? 'mask' : what
      if ((lengths || mask) && !padded)
        throw refusal(where, 'a plan for padded batches', 'a plan for full ones', 'Plan with { padded: true }.')
      if (mask && lengths)
        throw refusal(where, 'lengths or a mask', 'both', 'Leave the lengths out: the mask has them.')
      if (mask && !sequences)
        throw refusal(where, 'a model that reads sequences', 'one that reads vectors', 'Leave the mask out.')
      if (lengths) extras!.checkLengths(lengths, steps, batch, 0)
      if (mask) extras!.checkMask(mask, steps, batch, 0)
      for (let b = 0; b < batch; b++) {
        present[b] = 0
        for (let t = 0; t < width; t++) {
          const isReal = mask ? mask[b * width + t]! : lengths && t >= lengths[b]! ? 0 : 1
          real[b * width + t] = isReal
          if (isReal === 1) present[b] = 1
        }
      }
    },
    leaveOut(b) {
      present[b] = 0
      real.fill(0, b * width, (b + 1) * width)
    },
    count(b) {
      let count = 0
      for (let i = b * width; i < (b + 1) * width; i++) count += real[i]!
      return count
    },
    write() {
      if (!shownLengths) return
      shown.set(real)
      for (let b = 0; b < batch; b++) if (present[b] === 0) shown[b * width] = 1
      shownLengths.setMask(shown)
    },
  }
}

const refusal = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got, fix })
