import { checkLengths, checkMask, Lengths, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'

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
}

/** Which steps of the sequences of a batch are real, and what layers see of it. */
export class RealSteps {
  /** Of the last batch, 1 where a step is real: [batch, time], or [batch, 1] of vectors. */
  readonly real: Uint8Array
  /** Of the last batch, 1 where there is a sequence at all: [batch]. */
  readonly present: Uint8Array
  /** What layers see: at least one step of each sequence. */
  readonly lengths: Lengths | undefined
  readonly #plan: RealStepsPlan
  readonly #width: number
  readonly #shown: Uint8Array

  constructor({ backend }: Layer, plan: RealStepsPlan) {
    const { steps, batch, padded, sequences } = plan
    this.#plan = plan
    this.#width = sequences ? steps : 1
    this.real = new Uint8Array(this.#width * batch)
    this.present = new Uint8Array(batch)
    this.lengths = padded && sequences ? new Lengths(backend, steps, batch) : undefined
    this.#shown = new Uint8Array(this.lengths ? this.real.length : 0)
  }

  /**
   * Takes the lengths of a batch, without which all sequences are full, or its mask. Layers see nothing of it yet.
   * @throws `ConfigurationError` if there are some and it was not planned for them, or both; nothing has changed then.
   * @throws `ShapeError` or `ValueError` as `checkLengths` and `checkMask`; nothing has changed then.
   */
  stage(lengths: ArrayLike<number> | undefined, mask?: ArrayLike<number>): void {
    const { what, steps, batch, padded, sequences } = this.#plan
    const where = mask ? 'mask' : what
    if ((lengths || mask) && !padded)
      throw refusal(where, 'a plan for padded batches', 'a plan for full ones', 'Plan with { padded: true }.')
    if (mask && lengths) throw refusal(where, 'lengths or a mask', 'both', 'Leave the lengths out: the mask has them.')
    if (mask && !sequences)
      throw refusal(where, 'a model that reads sequences', 'one that reads vectors', 'Leave the mask out.')
    if (lengths) checkLengths(lengths, steps, batch, 0)
    if (mask) checkMask(mask, steps, batch, 0)
    const width = this.#width
    for (let b = 0; b < batch; b++) {
      this.present[b] = 0
      for (let t = 0; t < width; t++) {
        const real = mask ? mask[b * width + t]! : lengths && t >= lengths[b]! ? 0 : 1
        this.real[b * width + t] = real
        if (real === 1) this.present[b] = 1
      }
    }
  }

  /** Sequence b of the batch is not there. */
  leaveOut(b: number): void {
    this.present[b] = 0
    this.real.fill(0, b * this.#width, (b + 1) * this.#width)
  }

  /** The number of real steps of sequence b. */
  count(b: number): number {
    let count = 0
    for (let i = b * this.#width; i < (b + 1) * this.#width; i++) count += this.real[i]!
    return count
  }

  /** Shows layers what was staged. */
  write(): void {
    if (!this.lengths) return
    this.#shown.set(this.real)
    for (let b = 0; b < this.present.length; b++) if (this.present[b] === 0) this.#shown[b * this.#width] = 1
    this.lengths.setMask(this.#shown)
  }
}

const refusal = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got, fix })
