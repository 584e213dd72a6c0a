import type { Backend } from '@recurra/backend'
import { ShapeError, ValueError, type Indices, type Tensor } from '@recurra/tensor'

/**
 * How long each sequence of a batch is; what lies beyond is padding. Planned once, set anew for every batch.
 *
 * ```ts
 * import { javascript, Lengths } from 'recurra'
 *
 * const backend = javascript()
 * const lengths = new Lengths(backend, 3, 2)
 * lengths.set([3, 1])
 * console.log(backend.read(lengths.mask)) // [1, 1, 1, 0, 1, 0]
 * ```
 */
export class Lengths {
  /** 1 where a step is real, 0 where it is padding: [time, batch]. */
  readonly mask: Tensor
  /** The row of the last real step of each sequence among `time * batch` rows: [batch]. */
  readonly lastRows: Indices
  readonly #backend: Backend
  readonly #steps: number
  readonly #batch: number
  readonly #real: Uint8Array
  readonly #last: Int32Array

  constructor(backend: Backend, steps: number, batch: number) {
    this.#backend = backend
    this.#steps = steps
    this.#batch = batch
    this.#real = new Uint8Array(steps * batch)
    this.#last = new Int32Array(batch)
    this.mask = backend.zeros([steps, batch])
    this.lastRows = backend.indices([batch])
    this.set(new Int32Array(batch).fill(steps))
  }

  /**
   * Takes the lengths of the next batch: [batch], each from 1 to `steps`.
   * @throws `ShapeError` if there are more or fewer than sequences; then nothing has changed.
   * @throws `ValueError` if one is no such number; then nothing has changed.
   */
  set(lengths: ArrayLike<number>): void {
    checkLengths(lengths, this.#steps, this.#batch)
    for (let b = 0; b < this.#batch; b++) {
      for (let t = 0; t < this.#steps; t++) this.#real[t * this.#batch + b] = t < lengths[b]! ? 1 : 0
      this.#last[b] = (lengths[b]! - 1) * this.#batch + b
    }
    this.#backend.write(this.mask, this.#real)
    this.#backend.write(this.lastRows, this.#last)
  }
}

/**
 * Checks lengths: one whole number from `least` to `steps` for each of `batch` sequences.
 * @throws `ShapeError` if there are more or fewer than sequences.
 * @throws `ValueError` if one is no such number.
 */
export const checkLengths = (lengths: ArrayLike<number>, steps: number, batch: number, least = 1): void => {
  if (lengths.length !== batch)
    throw new ShapeError({ where: 'lengths', expected: `one length for each of ${batch} sequences`, got: `${lengths.length}`, fix: 'Pass as many lengths as sequences.' })
  for (let b = 0; b < batch; b++) {
    const length = lengths[b]!
    if (Number.isInteger(length) && length >= least && length <= steps) continue
    throw new ValueError({ where: `lengths[${b}]`, expected: `a whole number from ${least} to ${steps} steps`, got: String(length), fix: 'Drop empty sequences, and cut or plan for longer ones.' })
  }
}
