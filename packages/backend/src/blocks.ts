import { MemoryError } from '@recurra/tensor'
import { FreeList, type Block } from './free-list.ts'

/** What a memory is, as far as blocks of it are concerned. */
export interface BlocksOf {
  /** Its backend, as errors name it. */
  readonly name: string
  /** The addresses that it has, in bytes. */
  readonly ranges: readonly Block[]
  /** Blocks begin at multiples of it, and are as large as one, in bytes. */
  readonly alignment: number
  /** Zeroes what was used before. */
  readonly clear: (address: number, size: number) => void
}

/** What a scope took: the blocks of its handles, and the scopes inside it. */
interface Taken { readonly blocks: Map<object, Block>; inner?: Set<Taken> }

/**
 * Who uses which block of a backend's memory. A block belongs to a handle, the `data` of a tensor; it is freed when the
 * handle has been garbage collected, or when the scope in which it was taken is disposed of.
 */
export class Blocks {
  readonly #memory: BlocksOf
  readonly #size: number
  readonly #gaps: FreeList
  readonly #collected = new FinalizationRegistry<Block>((block) => this.#gaps.give(block))
  /** Above this address nothing was ever written: the memory is zero. */
  #touched: number
  #open: Taken | undefined
  /** The scope that a handle was made in. */
  readonly #scopeOf = new WeakMap<object, Taken>()
  /** Where the next block goes while blocks are laid side by side. */
  #next: number | undefined
  /** All bytes ever taken. */
  #asked = 0
  /** While something is measured, nothing is taken; the bytes are added up here. */
  #measured: number | undefined

  constructor(memory: BlocksOf) {
    this.#memory = memory
    this.#gaps = new FreeList(memory.ranges)
    this.#size = this.#gaps.free
    this.#touched = memory.ranges[0]!.address
  }

  /**
   * Takes zeroed memory; `keep` it for its handle. While a plan is only measured, its size is 0.
   * @throws `MemoryError` if there is not enough.
   */
  take(bytes: number): Block {
    return this.#take(bytes)
  }

  /**
   * The same, beside the block that was taken before, where blocks are laid side by side.
   * @throws `MemoryError` if there is not enough.
   */
  takeBeside(bytes: number): Block {
    const block = this.#take(bytes, this.#next)
    if (this.#next !== undefined && block.size > 0) this.#next = block.address + block.size
    return block
  }

  /** The block is in use as long as its handle is, and the open scope. */
  keep<Handle extends object>(handle: Handle, block: Block): Handle {
    if (block.size === 0) return handle
    this.#collected.register(handle, block, handle)
    if (!this.#open) return handle
    this.#open.blocks.set(handle, block)
    this.#scopeOf.set(handle, this.#open)
    return handle
  }

  /** Runs `make`: what it takes with `takeBeside` lies side by side, above all that is in use, where there is room. */
  sideBySide<T>(make: () => T): T {
    const before = this.#next
    this.#next ??= this.#gaps.top
    try {
      return make()
    } finally {
      this.#next = before
    }
  }

  /** Bytes that could still be taken. */
  get free(): number {
    return this.#gaps.free
  }

  /**
   * Runs `make`; the function returned with its result frees everything that it took. So does the outer scope, or the
   * scope in which `owner` was made, if there is one.
   * @throws `MemoryError` if there is not enough; it states how much is needed.
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

  #take(bytes: number, at?: number): Block {
    const { alignment, clear, ranges } = this.#memory
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment)
    if (this.#measured !== undefined) {
      this.#measured += size
      return { address: ranges[0]!.address, size: 0 }
    }
    const block = this.#gaps.take(size, at)
    if (!block) throw this.#tooLarge(size)
    const old = Math.min(size, this.#touched - block.address)
    if (old > 0) clear(block.address, old)
    this.#touched = Math.max(this.#touched, block.address + size)
    this.#asked += size
    return block
  }

  #free({ blocks, inner = new Set() }: Taken): void {
    // else freed already
    for (const [handle, block] of blocks) if (this.#collected.unregister(handle)) this.#gaps.give(block)
    blocks.clear()
    for (const each of inner) this.#free(each)
    inner.clear()
  }

  /** How many bytes `make` takes in total. Its blocks are empty, so nothing that it writes is kept. */
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
      where: this.#memory.name,
      expected: `${mebibytes(bytes)} of free memory`,
      got: `${mebibytes(this.free)} free of ${mebibytes(this.#size)}`,
      fix: 'Take a smaller batch, fewer steps or smaller layers, or dispose of plans that are no longer needed.',
    })
  }
}
