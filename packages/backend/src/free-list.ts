/** A range of bytes. */
export interface Block {
  /** Where it begins. */
  readonly address: number
  /** How many bytes it has. */
  readonly size: number
}

/** Free blocks of one or more ranges of addresses, in order; no two are adjacent. */
export class FreeList {
  readonly #ranges: readonly Block[]
  readonly #gaps: Block[]

  /** The ranges must be in order, and not adjacent: no block spans two of them. */
  constructor(ranges: readonly Block[]) {
    this.#ranges = ranges
    this.#gaps = [...ranges]
  }

  /**
   * Takes the block that begins at an address, if that is free, or else the first free one that is large enough, so
   * that addresses stay low; `undefined` if there is none.
   */
  take(size: number, at?: number): Block | undefined {
    const there = at === undefined ? -1 : this.#gaps.findIndex((gap) => gap.address === at && gap.size >= size)
    const i = there < 0 ? this.#gaps.findIndex((gap) => gap.size >= size) : there
    if (i < 0) return undefined
    const gap = this.#gaps[i]!
    if (gap.size === size) this.#gaps.splice(i, 1)
    else this.#gaps[i] = { address: gap.address + size, size: gap.size - size }
    return { address: gap.address, size }
  }

  /** Frees a block, and merges it with adjacent free blocks. */
  give({ address, size }: Block): void {
    let i = 0
    for (let end = this.#gaps.length; i < end; ) {
      const middle = (i + end) >> 1
      if (this.#gaps[middle]!.address < address) i = middle + 1
      else end = middle
    }
    const [before, after] = [this.#gaps[i - 1], this.#gaps[i]]
    const touchesBefore = before !== undefined && before.address + before.size === address
    const touchesAfter = after !== undefined && address + size === after.address
    const merged = {
      address: touchesBefore ? before.address : address,
      size: size + (touchesBefore ? before.size : 0) + (touchesAfter ? after.size : 0),
    }
    this.#gaps.splice(touchesBefore ? i - 1 : i, Number(touchesBefore) + Number(touchesAfter), merged)
  }

  /** Above this address nothing is in use; `undefined` if the last range is used to its end. */
  get top(): number | undefined {
    let top: number | undefined
    for (let gap = this.#gaps.length - 1, i = this.#ranges.length - 1; i >= 0; gap--, i--) {
      const { address, size } = this.#ranges[i]!
      const last = this.#gaps[gap]
      if (!last || last.address + last.size !== address + size) break
      top = last.address
      if (top !== address) break
    }
    return top
  }

  /** How many bytes are free. */
  get free(): number {
    return this.#gaps.reduce((sum, { size }) => sum + size, 0)
  }
}
