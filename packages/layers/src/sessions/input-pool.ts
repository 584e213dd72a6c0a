import { sizeOf, type DType, type TensorLike } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import type { Signal } from '../signal.ts'
import { takeStep } from '../take-step.ts'

/** Memory for the inputs of waiting steps, which is used again. */
export class InputPool {
  readonly #signal: Signal
  readonly #dtype: DType
  readonly #shape: readonly number[]
  readonly #most: number
  readonly #free: Float64Array[] = []

  /** Keeps memory for up to `most` inputs. */
  constructor(layer: Layer, shape: readonly number[], most: number) {
    this.#signal = layer.in
    this.#dtype = layer.backend.dtype
    this.#shape = shape
    this.#most = most
  }

  /**
   * A checked copy of an input.
   * @throws `ShapeError` or `ValueError` as `takeStep`.
   */
  take(x: TensorLike): Float64Array {
    const input = this.#free.at(-1) ?? new Float64Array(sizeOf(this.#shape))
    takeStep(x, this.#signal, this.#dtype, this.#shape, input)
    this.#free.pop()
    return input
  }

  give(input: Float64Array): void {
    if (this.#free.length < this.#most) this.#free.push(input)
  }
}
