import type { Backend } from '@recurra/backend'
import { ShapeError, ValueError, type Indices, type Tensor } from '@recurra/tensor'

/** How long each sequence of a batch is; what lies beyond is padding. Planned once, set anew for every batch. */
export class Lengths {
  /** 1 where a step is real, 0 where it is padding: [time, batch]. */
  readonly mask: Tensor
  /** The row of the last real step of each sequence among `time * batch` rows: [batch]. */
  readonly lastRows: Indices
  readonly #backend: Backend
  readonly #steps: number
  readonly #batch: number

  constructor(backend: Backend, steps: number, batch: number) {
    this.#backend = backend
    this.#steps = steps
    this.#batch = batch
    this.mask = backend.zeros([steps, batch])
    this.lastRows = backend.indices([batch])
    this.set(Array.from({ length: batch }, () => steps))
  }

  /** Takes the lengths of the next batch: [batch], each from 1 to `steps`. Throws `ShapeError` or `ValueError` before it changes anything. */
  set(lengths: ArrayLike<number>): void {
    checkLengths(lengths, this.#steps, this.#batch)
    const mask: number[] = []
    for (let t = 0; t < this.#steps; t++) for (let b = 0; b < this.#batch; b++) mask.push(t < lengths[b]! ? 1 : 0)
    this.#backend.write(this.mask, mask)
    this.#backend.write(this.lastRows, Array.from(lengths, (length, b) => (length - 1) * this.#batch + b))
  }
}

/** Throws unless there is one length for each sequence, a whole number from 1 to `steps`. */
export const checkLengths = (lengths: ArrayLike<number>, steps: number, batch: number): void => {
  if (lengths.length !== batch)
    throw new ShapeError({ where: 'lengths', expected: `one length for each of ${batch} sequences`, got: `${lengths.length}`, fix: 'Pass as many lengths as sequences.' })
  Array.from(lengths).forEach((length, b) => {
    if (!Number.isInteger(length) || length < 1 || length > steps)
      throw new ValueError({ where: `lengths[${b}]`, expected: `a whole number from 1 to ${steps} steps`, got: String(length), fix: 'Drop empty sequences, and cut or plan for longer ones.' })
  })
}
