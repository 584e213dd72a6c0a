/** A range of bytes. */
export interface Block {
  readonly address: number
  readonly size: number
}

/** Free blocks in a range of addresses, in order; no two are adjacent. */
export class FreeList {
  readonly #gaps: Block[]

  constructor(address: number, size: number) {
    this.#gaps = [{ address, size }]
  }

  /** Takes the first free block that is large enough, so that addresses stay low; `undefined` if there is none. */
  take(size: number): Block | undefined {
    const i = this.#gaps.findIndex((gap) => gap.size >= size)
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

  get free(): number {
    return this.#gaps.reduce((sum, { size }) => sum + size, 0)
  }
}
