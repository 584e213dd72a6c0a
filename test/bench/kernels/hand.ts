import { readFileSync } from 'node:fs'

type Kernels = { readonly [name in 'lstm_forward' | 'lstm_backward' | 'adam']: (...args: number[]) => void }

/** An array in the memory of the hand-written kernels, at an address that they take. */
export interface Placed {
  readonly address: number
  readonly data: Float32Array
}

const page = 1 << 16
const stack = 32 * page // below the arrays, for C

/** The kernels of hand.c, with a memory of their own. */
export class Hand {
  readonly kernels: Kernels
  readonly #memory: WebAssembly.Memory
  #top = stack

  constructor(bytes: number) {
    this.#memory = new WebAssembly.Memory({ initial: (stack + Math.ceil(bytes / page) * page) / page })
    const module = new WebAssembly.Module(readFileSync(new URL('hand.wasm', import.meta.url)))
    this.kernels = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as Kernels
  }

  /** A copy of numbers, or so many zeros, on a cache line of its own. */
  place(values: Float32Array | number): Placed {
    const data = new Float32Array(this.#memory.buffer, this.#top, typeof values === 'number' ? values : values.length)
    if (typeof values !== 'number') data.set(values)
    const address = this.#top
    this.#top += Math.ceil(data.byteLength / 64) * 64
    return { address, data }
  }
}
