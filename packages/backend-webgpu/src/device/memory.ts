import { Blocks, type Block } from '@recurra/backend/authoring'
import { indicesOver, isContiguous, isIndices, sizeOf, tensorOver } from '@recurra/tensor'
import type { Floats, Indices, Tensor } from '@recurra/tensor'

/** Any tensor of the device. */
export type AnyTensor = Tensor<Floats | Int32Array>

/** A part of a buffer, in bytes. */
export interface Region {
  readonly buffer: number
  readonly offset: number
  readonly size: number
}

/** Where a tensor's memory begins: a buffer by its number, and a place in it, in elements of four bytes. */
export interface Location {
  readonly buffer: number
  readonly start: number
}

const [word, alignment, smallest] = [4, 64, 2 ** 25]
const usage = 0x4 | 0x8 | 0x80 // COPY_SRC, COPY_DST, STORAGE

/** The addresses of buffers that grow: each is twice as large as the one before, up to what a kernel can bind. */
const rangesFor = (memory: number, largest: number): Block[] => {
  const ranges: Block[] = []
  for (let address = 0, left = memory, size = smallest; left >= alignment; size *= 2) {
    const taken = Math.floor(Math.min(size, largest, left) / alignment) * alignment
    ranges.push({ address, size: taken })
    address += taken + alignment // a gap, so that no block spans two buffers
    left -= taken
  }
  return ranges
}

/**
 * All tensors of a device, in a few large buffers: a kernel can bind only some eight of them. A tensor's `data` is an
 * empty array, which stands for its block.
 */
export class DeviceMemory {
  readonly #device: GPUDevice
  readonly #ranges: readonly Block[]
  readonly #buffers: (GPUBuffer | undefined)[] = []
  readonly #blocks: Blocks
  readonly #blockOf = new WeakMap<object, Block>()
  /** The handles that a joined one consists of: they are not freed before it. */
  readonly #partsOf = new WeakMap<object, readonly object[]>()

  constructor(device: GPUDevice, memory: number, clear: (region: Region) => void) {
    this.#device = device
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
    this.#ranges = rangesFor(memory, Math.min(maxBufferSize, maxStorageBufferBindingSize))
    this.#blocks = new Blocks({
      name: 'webgpu',
      ranges: this.#ranges,
      alignment,
      clear: (address, size) => {
        const buffer = this.#rangeOf(address)
        clear({ buffer, offset: address - this.#ranges[buffer]!.address, size })
      },
    })
  }

  floats(shape: readonly number[]): Tensor {
    return tensorOver<Floats>(this.#keep(new Float32Array(0), this.#blocks.takeBeside(sizeOf(shape) * word)), shape)
  }

  indices(shape: readonly number[], count?: number): Indices {
    return indicesOver(this.#keep(new Int32Array(0), this.#blocks.take(sizeOf(shape) * word)), shape, count)
  }

  /** Where a tensor's memory begins; `undefined` while a plan is only measured, or if it belongs to somebody else. */
  locate({ data }: { readonly data: object }): Location | undefined {
    const block = this.#blockOf.get(data)
    if (!block || block.size === 0) return undefined
    const buffer = this.#rangeOf(block.address)
    return { buffer, start: (block.address - this.#ranges[buffer]!.address) / word }
  }

  /** Whether a tensor was made here. */
  owns({ data }: { readonly data: object }): boolean {
    return this.#blockOf.has(data)
  }

  buffer(number: number): GPUBuffer {
    return (this.#buffers[number] ??= this.#device.createBuffer({ size: this.#ranges[number]!.size, usage }))
  }

  sideBySide<T>(make: () => T): T {
    return this.#blocks.sideBySide(make)
  }

  /** Whole tensors that lie side by side, as one row. */
  joined(tensors: readonly Tensor[]): Tensor | undefined {
    const blocks = tensors.flatMap((x) =>
      (!isIndices(x) && x.offset === 0 && isContiguous(x) ? (this.#blockOf.get(x.data) ?? []) : []))
    const [first, last] = [blocks[0], blocks.at(-1)]
    const beside = blocks.every(({ address }, i) =>
      i === 0 || address === blocks[i - 1]!.address + blocks[i - 1]!.size)
    if (!first || !last || blocks.length < tensors.length || !beside || last.size === 0) return undefined
    const whole = new Float32Array(0)
    this.#blockOf.set(whole, { address: first.address, size: last.address + last.size - first.address })
    this.#partsOf.set(whole, tensors.map(({ data }) => data))
    return tensorOver(whole, [1, (last.address - first.address) / word + sizeOf(tensors.at(-1)!.shape)])
  }

  scope<T>(make: () => T, owner?: Tensor): readonly [value: T, bytes: number, dispose: () => void] {
    return this.#blocks.scope(make, owner?.data)
  }

  /** Bytes of the buffers that exist. */
  get allocated(): number {
    return this.#buffers.reduce((sum, buffer) => sum + (buffer?.size ?? 0), 0)
  }

  #keep<Handle extends object>(handle: Handle, block: Block): Handle {
    this.#blockOf.set(handle, block)
    return this.#blocks.keep(handle, block)
  }

  #rangeOf(address: number): number {
    return this.#ranges.findLastIndex((range) => range.address <= address)
  }
}
