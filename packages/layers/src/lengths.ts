import type { Backend } from '@recurra/backend'
import { ValueError, type Indices, type Tensor } from '@recurra/tensor'
import { checkLengths, checkMask } from './check-lengths.ts'

/**
 * The lengths of the sequences of a batch, or a mask of their real steps. At all other steps, the padding, layers keep
 * their state. Planned once, set for every batch.
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
  /** Whether a layer sets them from the values that it reads, as `masking` does, so that only `forward` tells. */
  readonly computed: boolean
  /** The lengths to which `masking` adds what it masks. Default: none. */
  readonly unmasked: Lengths | undefined
  readonly #derived: { readonly lengths: Lengths; readonly from: (t: number) => number }[] = []

  constructor(
    backend: Backend, steps: number, batch: number,
    { computed = false, unmasked }: {
      /** Whether a layer sets them from the values that it reads. Default: false. */
      readonly computed?: boolean
      /** The lengths to which `masking` adds what it masks. Default: none. */
      readonly unmasked?: Lengths | undefined
    } = {},
  ) {
    this.computed = computed
    this.unmasked = unmasked
    this.#backend = backend
    this.#steps = steps
    this.#batch = batch
    this.#real = new Uint8Array(steps * batch)
    this.#last = new Int32Array(batch)
    this.mask = backend.zeros([steps, batch])
    this.lastRows = backend.indices([batch], steps * batch)
    this.set(new Int32Array(batch).fill(steps))
  }

  /**
   * Sets the lengths of the next batch: [batch], each from 1 to `steps`.
   * @throws `ShapeError` if there are more or fewer than sequences; then nothing has changed.
   * @throws `ValueError` if one is no such number; then nothing has changed.
   */
  set(lengths: ArrayLike<number>): void {
    checkLengths(lengths, this.#steps, this.#batch)
    for (let b = 0; b < this.#batch; b++) {
      for (let t = 0; t < this.#steps; t++) this.#real[t * this.#batch + b] = t < lengths[b]! ? 1 : 0
      this.#last[b] = (lengths[b]! - 1) * this.#batch + b
    }
    this.#write()
  }

  /**
   * Sets the mask of the next batch, [batch, time]: 1 for a real step and 0 for a masked one, as in Keras. At a masked
   * step, a layer keeps its state and repeats its output.
   * @throws `ShapeError` if there are more or fewer values; then nothing has changed.
   * @throws `ValueError` if one is neither 0 nor 1, or a sequence has no real step; then nothing has changed.
   */
  setMask(mask: ArrayLike<number>): void {
    checkMask(mask, this.#steps, this.#batch)
    for (let b = 0; b < this.#batch; b++)
      for (let t = 0; t < this.#steps; t++) {
        const row = t * this.#batch + b
        if ((this.#real[row] = mask[b * this.#steps + t]!) === 1) this.#last[b] = row
      }
    this.#write()
  }

  /**
   * Sets the mask to that of a segment of longer sequences, [batch, time], from its step `from` on. A sequence may have
   * no real step there.
   */
  setSegment(mask: ArrayLike<number>, from: number): void {
    const steps = mask.length / this.#batch
    for (let b = 0; b < this.#batch; b++) {
      this.#last[b] = b
      for (let t = 0; t < this.#steps; t++) {
        const row = t * this.#batch + b
        if ((this.#real[row] = mask[b * steps + from + t]!) === 1) this.#last[b] = row
      }
    }
    this.#write()
  }

  /** Sets which rows, step · batch + sequence, are real. A sequence may have none. */
  setRows(isReal: (row: number) => boolean): void {
    for (let b = 0; b < this.#batch; b++) this.#last[b] = b
    for (let row = 0; row < this.#real.length; row++) {
      this.#real[row] = isReal(row) ? 1 : 0
      if (this.#real[row] === 1) this.#last[row % this.#batch] = row
    }
    this.#write()
  }

  /** The lengths of the batch, without what `masking` masks; undefined if it has none. */
  get ofBatch(): Lengths | undefined {
    return this.computed ? this.unmasked?.ofBatch : this
  }

  /** Whether a row, step · batch + sequence, is real. */
  isReal(row: number): boolean {
    return this.#real[row] === 1
  }

  /**
   * The lengths of the output of a layer that changes the number of steps, e.g. with a stride: output step t is real if
   * input step `from(t)` is. They follow every change of the input's lengths.
   *
   * ```ts
   * import { javascript, Lengths } from 'recurra'
   *
   * const backend = javascript()
   * const lengths = new Lengths(backend, 4, 1)
   * const halves = lengths.derive(2, (t) => 2 * t)
   * lengths.set([2])
   * console.log(backend.read(halves.mask)) // [1, 0]
   * ```
   * @throws `ValueError` if `from` returns a step that the input does not have.
   */
  derive(steps: number, from: (t: number) => number): Lengths {
    for (let t = 0; t < steps; t++)
      if (!Number.isInteger(from(t)) || from(t) < 0 || from(t) >= this.#steps)
        throw new ValueError({
          where: `derived lengths, step ${t}`,
          expected: `a step of the input, an integer from 0 to ${this.#steps - 1}`,
          got: String(from(t)),
          fix: 'Give fewer steps, or name the step on which each depends.',
        })
    const lengths = new Lengths(this.#backend, steps, this.#batch, {
      computed: this.computed, unmasked: this.unmasked?.derive(steps, from),
    })
    lengths.origin = (t) => this.origin(from(t))
    this.#derived.push({ lengths, from })
    lengths.#follow(this.#real, from)
    return lengths
  }

  /** The step of the model's input that decides whether step t is real. */
  origin: (t: number) => number = (t) => t

  #follow(real: Uint8Array, from: (t: number) => number): void {
    for (let b = 0; b < this.#batch; b++) {
      this.#last[b] = b // without any real step, the first one is used
      for (let t = 0; t < this.#steps; t++) {
        const row = t * this.#batch + b
        if ((this.#real[row] = real[from(t) * this.#batch + b]!) === 1) this.#last[b] = row
      }
    }
    this.#write()
  }

  #write(): void {
    this.#backend.write(this.mask, this.#real)
    this.#backend.write(this.lastRows, this.#last)
    for (let i = 0; i < this.#derived.length; i++) {
      const { lengths, from } = this.#derived[i]!
      lengths.#follow(this.#real, from)
    }
  }
}
