import { FreeList } from '@recurra/backend/authoring'

/** Where the operand table of a kernel lies. */
export interface Table {
  /** The number of its buffer. */
  readonly page: number
  /** Its place there, in bytes. */
  readonly offset: number
}

/** Rows of four integers in the largest table: as many operands can a formula have, but for its first row. */
export const mostRows = 256
const [bytesPerRow, pageSize] = [16, 2 ** 18]
const usage = 0x40 | 0x8 // UNIFORM, COPY_DST

/** The operand tables of all kernels, in a few uniform buffers. Those of kernels that are garbage are used again. */
export class Tables {
  readonly #device: GPUDevice
  readonly #beforeReuse: () => void
  readonly #pages: { readonly buffer: GPUBuffer; readonly free: FreeList; readonly words: Int32Array }[] = []
  readonly #collected = new FinalizationRegistry<() => void>((free) => free())
  /** Pages with tables that kernels may still wait to run with, although they are free. */
  readonly #unused = new Set<number>()
  /** What was not uploaded yet: [page, from, to). */
  #dirty: [page: number, from: number, to: number] | undefined

  /** `beforeReuse` hands over what still needs the tables that are there. */
  constructor(device: GPUDevice, beforeReuse: () => void) {
    this.#device = device
    this.#beforeReuse = beforeReuse
  }

  /** A table that lives as long as its kernel. */
  add(rows: readonly (readonly number[])[], kernel: object): Table {
    const alignment = this.#device.limits.minUniformBufferOffsetAlignment
    const size = Math.ceil((rows.length * bytesPerRow) / alignment) * alignment
    const { page, address } = this.#take(size)
    const { words, free } = this.#pages[page]!
    this.#collected.register(kernel, () => {
      free.give({ address, size })
      this.#unused.add(page)
    })
    if (this.#unused.delete(page)) this.#beforeReuse()
    words.set(rows.flat(), address / 4)
    this.#mark(page, address, address + size)
    return { page, offset: address }
  }

  /** The buffer of a page, and how much of it a kernel binds. */
  page(number: number): { readonly buffer: GPUBuffer; readonly size: number } {
    return { buffer: this.#pages[number]!.buffer, size: mostRows * bytesPerRow }
  }

  /** Uploads what was added; before anything that reads it. */
  upload(): void {
    if (!this.#dirty) return
    const [page, from, to] = this.#dirty
    const { buffer, words } = this.#pages[page]!
    this.#device.queue.writeBuffer(buffer, from, words.buffer, from, to - from)
    this.#dirty = undefined
  }

  #take(size: number): { readonly page: number; readonly address: number } {
    for (const [page, { free }] of this.#pages.entries()) {
      const block = free.take(size)
      if (block) return { page, address: block.address }
    }
    // A kernel binds as much as the largest table takes, from wherever its own begins.
    const bytes = pageSize + mostRows * bytesPerRow
    this.#pages.push({
      buffer: this.#device.createBuffer({ size: bytes, usage }),
      free: new FreeList([{ address: 0, size: pageSize }]),
      words: new Int32Array(bytes / 4),
    })
    return this.#take(size)
  }

  #mark(page: number, from: number, to: number): void {
    if (this.#dirty && this.#dirty[0] !== page) this.upload()
    const [, first, last] = this.#dirty ?? [page, from, to]
    this.#dirty = [page, Math.min(first, from), Math.max(last, to)]
  }
}
