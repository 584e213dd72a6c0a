import { checkLengths, Lengths, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'

/** What is counted. */
export interface StepCountsPlan {
  /** The name of the lengths in error messages. */
  readonly what: string
  /** Steps of the longest sequence. */
  readonly steps: number
  readonly batch: number
  /** Whether batches come with lengths. */
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
  readonly #plan: StepCountsPlan
  readonly #seen: Int32Array

  constructor({ backend }: Layer, plan: StepCountsPlan) {
    const { steps, batch, padded, sequences } = plan
    this.#plan = plan
    this.counts = new Int32Array(batch)
    this.#seen = new Int32Array(batch)
    this.lengths = padded && sequences ? new Lengths(backend, steps, batch) : undefined
  }

  /**
   * Takes the lengths of a batch, without which all sequences are full.
   * @throws `ConfigurationError` if there are some, and it was not planned for them; nothing has changed then.
   * @throws `ShapeError` or `ValueError` as `checkLengths`; nothing has changed then.
   */
  read(lengths: ArrayLike<number> | undefined): void {
    const { what, steps, batch, padded } = this.#plan
    if (lengths && !padded)
      throw new ConfigurationError({
        where: what,
        expected: 'a plan for padded batches',
        got: 'a plan for full ones',
        fix: 'Plan with { padded: true }.',
      })
    if (lengths) checkLengths(lengths, steps, batch, 0)
    for (let b = 0; b < batch; b++) this.counts[b] = lengths ? lengths[b]! : steps
  }

  /** Tells layers. */
  write(): void {
    if (!this.lengths) return
    for (let b = 0; b < this.#seen.length; b++) this.#seen[b] = Math.max(1, this.counts[b]!)
    this.lengths.set(this.#seen)
  }
}
