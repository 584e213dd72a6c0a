import { isContiguous, sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import { Blocks } from '../blocks.ts'
import { joinedArrays } from '../side-by-side.ts'

const page = 65_536
const cacheLine = 64
/** Address 0 stays unused, so that a mistake shows. The last vector may be read past the last number. */
const [first, last] = [cacheLine, cacheLine]

/** The largest memory that the engine reserves, up to `bytes`. Untouched memory costs nothing. */
const reserve = (bytes: number, shared: boolean): WebAssembly.Memory => {
  for (let pages = Math.ceil(bytes / page); ; pages = Math.ceil(pages / 2))
    try {
      // At its full size from the start: growing would detach every existing view.
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
    } catch (error) {
      if (!(error instanceof RangeError) || pages === 1) throw error
    }
}

/** All tensors of a backend, in one WebAssembly memory. */
export class Heap {
  readonly memory: WebAssembly.Memory
  readonly #blocks: Blocks
  /** The arrays that a joined one consists of: they are not freed before it. */
  readonly #partsOf = new WeakMap<object, readonly object[]>()

  constructor({ bytes = 2 ** 32, shared = false }: { readonly bytes?: number; readonly shared?: boolean } = {}) {
    const memory = reserve(bytes, shared)
    this.memory = memory
    this.#blocks = new Blocks({
      name: 'webassembly',
      ranges: [{ address: first, size: memory.buffer.byteLength - first - last }],
      alignment: cacheLine,
      clear: (address, size) => new Uint8Array(memory.buffer, address, size).fill(0),
    })
  }

  floats(count: number): Float32Array {
    const block = this.#blocks.takeBeside(count * 4)
    return this.#blocks.keep(new Float32Array(this.memory.buffer, block.address, block.size && count), block)
  }

  indices(count: number): Int32Array {
    const block = this.#blocks.take(count * 4)
    return this.#blocks.keep(new Int32Array(this.memory.buffer, block.address, block.size && count), block)
  }

  /** Runs `make`: the floats that it allocates lie side by side, above all that is in use, where there is room. */
  sideBySide<T>(make: () => T): T {
    return this.#blocks.sideBySide(make)
  }

  /** Whole arrays that lie side by side, as one row. */
  joined(tensors: readonly Tensor[]): Tensor | undefined {
    const arrays = tensors.map(({ data }) => data as Float32Array)
    const whole = tensors.every((x) => isContiguous(x) && sizeOf(x.shape) === x.data.length && x.data.length > 0)
    const data = whole ? joinedArrays(arrays, cacheLine) : undefined
    if (!data) return undefined
    this.#partsOf.set(data, arrays)
    return tensorOver(data, [1, data.length])
  }

  /** The address of memory that is never freed, for what kernels share. */
  fixed(count: number): number {
    return this.#blocks.take(count * 4).address
  }

  /** Bytes that could still be allocated. */
  get free(): number {
    return this.#blocks.free
  }

  /**
   * Runs `make`; the function returned with its result frees everything it allocated. So does the outer scope, or the
   * scope in which `owner` was made, if there is one.
   */
  scope<T>(make: () => T, owner?: object): readonly [value: T, bytes: number, dispose: () => void] {
    return this.#blocks.scope(make, owner)
  }
}

/** The address of the first element of a tensor, or of a matrix in its memory. */
export const addressOf = ({ data, offset }: Pick<Tensor<Floats | Int32Array>, 'data' | 'offset'>): number =>
  data.byteOffset + offset * data.BYTES_PER_ELEMENT
