import type { Region } from './memory.ts'

/** Values that are copied into a buffer in the middle of a list of commands. */
export interface Upload extends Region {
  /** Where they lie among those of the list, in bytes. */
  readonly from: number
}

const usage = 0x4 | 0x8 // COPY_SRC, COPY_DST
const smallest = 2 ** 12

/** What the host writes between kernels: handed over with them, so that no write ends a list of commands. */
export class Uploads {
  readonly #device: GPUDevice
  #words = new Float32Array(smallest / 4)
  #integers = new Int32Array(this.#words.buffer)
  #used = 0
  #buffer: GPUBuffer | undefined

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Keeps values until the list is handed over. */
  add(buffer: number, offset: number, values: ArrayLike<number>, integers: boolean): Upload {
    const from = this.#used
    this.#used += values.length
    if (this.#used > this.#words.length) this.#grow()
    ;(integers ? this.#integers : this.#words).set(values, from)
    return { buffer, offset, size: 4 * values.length, from: 4 * from }
  }

  /** The buffer with all of them, once nothing is added any more; the next list starts with none. */
  hand(): GPUBuffer | undefined {
    if (this.#used === 0) return undefined
    const size = this.#words.byteLength
    if (this.#buffer?.size !== size) {
      this.#buffer?.destroy()
      this.#buffer = this.#device.createBuffer({ size, usage })
    }
    this.#device.queue.writeBuffer(this.#buffer, 0, this.#words.buffer, 0, 4 * this.#used)
    this.#used = 0
    return this.#buffer
  }

  #grow(): void {
    const words = new Float32Array(2 ** Math.ceil(Math.log2(this.#used)))
    words.set(this.#words)
    this.#words = words
    this.#integers = new Int32Array(words.buffer)
  }
}
