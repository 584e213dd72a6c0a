import { isContiguous, MemoryError, sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import { joinedArrays } from '../side-by-side.ts'
import { FreeList, type Block } from './free-list.ts'

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

/** What a scope took: the blocks of arrays, and the scopes inside it. */
interface Taken { readonly blocks: Map<object, Block>; inner?: Set<Taken> }

/**
 * All tensors of a backend, in one WebAssembly memory. A block is freed when its array has been garbage collected, or
 * when the scope that allocated it is disposed of.
 */
export class Heap {
  readonly memory: WebAssembly.Memory
  readonly #gaps: FreeList
  readonly #collected = new FinalizationRegistry<Block>((block) => this.#gaps.give(block))
  /** Above this address nothing was ever written: the memory is zero. */
  #touched = first
  #open: Taken | undefined
  /** The scope that an array was made in. */
  readonly #scopeOf = new WeakMap<object, Taken>()
  /** Where the next array goes while arrays are laid side by side. */
  #next: number | undefined
  /** The arrays that a joined one consists of: they are not freed before it. */
  readonly #partsOf = new WeakMap<object, readonly object[]>()
  /** All bytes ever allocated. */
  #asked = 0
  /** While something is measured, nothing is allocated; the bytes are added up here. */
  #measured: number | undefined

  constructor({ bytes = 2 ** 32, shared = false }: { readonly bytes?: number; readonly shared?: boolean } = {}) {
    this.memory = reserve(bytes, shared)
    this.#gaps = new FreeList(first, this.memory.buffer.byteLength - first - last)
  }

  floats(count: number): Float32Array {
    const block = this.#take(count * 4, this.#next)
    if (this.#next !== undefined && block.size > 0) this.#next = block.address + block.size
    return this.#keep(new Float32Array(this.memory.buffer, block.address, block.size && count), block)
  }

  indices(count: number): Int32Array {
    const block = this.#take(count * 4)
    return this.#keep(new Int32Array(this.memory.buffer, block.address, block.size && count), block)
  }

  /** Runs `make`: the floats that it allocates lie side by side, above all that is in use, where there is room. */
  sideBySide<T>(make: () => T): T {
    const before = this.#next
    this.#next ??= this.#gaps.top
    try {
      return make()
    } finally {
      this.#next = before
    }
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
    return this.#take(count * 4).address
  }

  /** Bytes that could still be allocated. */
  get free(): number {
    return this.#gaps.free
  }

  /**
   * Runs `make`; the function returned with its result frees everything it allocated. So does the outer scope, or the
   * scope in which `owner` was made, if there is one.
   */
  scope<T>(make: () => T, owner?: object): readonly [value: T, bytes: number, dispose: () => void] {
    const [open, measured, asked] = [this.#open, this.#measured, this.#asked]
    const outer = owner ? this.#scopeOf.get(owner) : open
    const mine: Taken = { blocks: new Map() }
    const dispose = (): void => {
      this.#free(mine)
      outer?.inner?.delete(mine)
    }
    this.#open = mine
    if (owner) this.#measured = undefined // the owner keeps it, even if the measured plan is dropped
    try {
      const value = make()
      if (outer) (outer.inner ??= new Set()).add(mine)
      return [value, this.#asked - asked, dispose]
    } catch (error) {
      dispose()
      throw error instanceof MemoryError ? this.#tooLarge(this.#measure(make)) : error
    } finally {
      this.#open = open
      if (owner && measured !== undefined) this.#measured = measured + this.#asked - asked
    }
  }

  #free({ blocks, inner = new Set() }: Taken): void {
    // else freed already
    for (const [array, block] of blocks) if (this.#collected.unregister(array)) this.#gaps.give(block)
    blocks.clear()
    for (const each of inner) this.#free(each)
    inner.clear()
  }

  #take(bytes: number, at?: number): Block {
    const size = Math.max(cacheLine, Math.ceil(bytes / cacheLine) * cacheLine)
    if (this.#measured !== undefined) {
      this.#measured += size
      return { address: first, size: 0 }
    }
    const block = this.#gaps.take(size, at)
    if (!block) throw this.#tooLarge(size)
    const old = Math.min(size, this.#touched - block.address)
    if (old > 0) new Uint8Array(this.memory.buffer, block.address, old).fill(0)
    this.#touched = Math.max(this.#touched, block.address + size)
    this.#asked += size
    return block
  }

  #keep<A extends object>(array: A, block: Block): A {
    if (block.size === 0) return array
    this.#collected.register(array, block, array)
    if (!this.#open) return array
    this.#open.blocks.set(array, block)
    this.#scopeOf.set(array, this.#open)
    return array
  }

  /** How many bytes `make` allocates in total. Its arrays are empty, so nothing it writes is kept. */
  #measure(make: () => unknown): number {
    this.#measured = 0
    try {
      make()
      return this.#measured
    } finally {
      this.#measured = undefined
    }
  }

  #tooLarge(bytes: number): MemoryError {
    const mebibytes = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MiB`
    return new MemoryError({
      where: 'webassembly',
      expected: `${mebibytes(bytes)} of free memory`,
      got: `${mebibytes(this.free)} free of ${mebibytes(this.memory.buffer.byteLength)}`,
      fix: 'Take a smaller batch, fewer steps or smaller layers, or dispose of plans that are no longer needed.',
    })
  }
}

/** The address of the first element of a tensor, or of a matrix in its memory. */
export const addressOf = ({ data, offset }: Pick<Tensor<Floats | Int32Array>, 'data' | 'offset'>): number =>
  data.byteOffset + offset * data.BYTES_PER_ELEMENT
