import { checkLengths, checkMask, Lengths, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'

/** What is counted. */
export interface StepCountsPlan {
  /** The name of the lengths in error messages. */
  readonly what: string
  /** Steps of the longest sequence. */
  readonly steps: number
  readonly batch: number
  /** Whether batches come with lengths or masks. */
  readonly padded: boolean
  /** Whether there are steps: a vector has none, and layers are told of no length. */
  readonly sequences: boolean
}

/** How many steps of each sequence of a batch are real, and what layers are told of it. */
export class StepCounts {
  /** Those of the last batch, 0 where there is no sequence: [batch]. */
  readonly counts: Int32Array
  /** What layers see: at least 1. */
  readonly lengths: Lengths | undefined
  /** Which steps are real, where the last batch has a mask: [batch, time]. */
  mask: Uint8Array | undefined
  readonly #plan: StepCountsPlan
  readonly #seen: Int32Array
  readonly #masked: Uint8Array
  readonly #shown: Uint8Array

  constructor({ backend }: Layer, plan: StepCountsPlan) {
    const { steps, batch, padded, sequences } = plan
    this.#plan = plan
    this.counts = new Int32Array(batch)
    this.#seen = new Int32Array(batch)
    this.#masked = new Uint8Array(padded && sequences ? steps * batch : 0)
    this.#shown = new Uint8Array(this.#masked.length)
    this.lengths = padded && sequences ? new Lengths(backend, steps, batch) : undefined
  }

  /**
   * Takes the lengths of a batch, without which all sequences are full, or its mask.
   * @throws `ConfigurationError` if there are some and it was not planned for them, or both; nothing has changed then.
   * @throws `ShapeError` or `ValueError` as `checkLengths` and `checkMask`; nothing has changed then.
   */
  read(lengths: ArrayLike<number> | undefined, mask?: ArrayLike<number>): void {
    const { what, steps, batch, padded, sequences } = this.#plan
    const where = mask ? 'mask' : what
    if ((lengths || mask) && !padded)
      throw refusal(where, 'a plan for padded batches', 'a plan for full ones', 'Plan with { padded: true }.')
    if (mask && lengths) throw refusal(where, 'lengths or a mask', 'both', 'Leave the lengths out: the mask has them.')
    if (mask && !sequences)
      throw refusal(where, 'a model that reads sequences', 'one that reads vectors', 'Leave the mask out.')
    if (lengths) checkLengths(lengths, steps, batch, 0)
    if (mask) checkMask(mask, steps, batch, 0)
    this.mask = mask && this.#masked
    if (mask) this.#masked.set(mask)
    for (let b = 0; b < batch; b++) this.counts[b] = mask ? this.#lastOf(b) : lengths ? lengths[b]! : steps
  }

  /** How many steps it is up to the last real one. */
  #lastOf(b: number): number {
    const { steps } = this.#plan
    let count = steps
    while (count > 0 && this.#masked[b * steps + count - 1] === 0) count--
    return count
  }

  /** How many steps of sequence b are in gaps. */
  gaps(b: number): number {
    if (!this.mask) return 0
    let gaps = 0
    for (let t = 0; t < this.counts[b]!; t++) gaps += 1 - this.mask[b * this.#plan.steps + t]!
    return gaps
  }

  /** Tells layers. */
  write(): void {
    if (!this.lengths) return
    if (this.mask) {
      this.#shown.set(this.mask)
      for (let b = 0; b < this.#seen.length; b++) if (this.counts[b] === 0) this.#shown[b * this.#plan.steps] = 1
      this.lengths.setMask(this.#shown)
      return
    }
    for (let b = 0; b < this.#seen.length; b++) this.#seen[b] = Math.max(1, this.counts[b]!)
    this.lengths.set(this.#seen)
  }
}

const refusal = (where: string, expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got, fix })
