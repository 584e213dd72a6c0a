import type { Native, NativeKernels } from '@recurra/backend'
import { Random, tensorOver, type Tensor } from '@recurra/tensor'

const random = new Random(1)

/** out = start + a · b; steps have their own out, a and start. */
export interface Operands {
  readonly out: Tensor
  readonly a: Tensor
  readonly b: Tensor
  readonly start: Tensor
}

/** A memory full of NaN: a float read too many turns a sum into NaN, a float written too many shows. */
export class Arena {
  readonly memory: WebAssembly.Memory
  readonly all: Float32Array
  readonly #native: Native
  #next = 16

  constructor(native: Native, floats = 1_000_000) {
    this.#native = native
    const pages = Math.ceil((4 * floats) / 65_536)
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.all = new Float32Array(this.memory.buffer).fill(NaN)
  }

  floats(count: number): Float32Array {
    const from = this.#next
    this.#next += count + 5
    if (this.#next > this.all.length) throw new RangeError('the arena is too small')
    return this.all.subarray(from, from + count)
  }

  /** Numbers in [-1, 1), with a gap after each row. */
  tensor(...shape: readonly number[]): Tensor {
    const padded = [...shape.slice(0, -1), shape.at(-1)! + 3]
    const tensor = { ...tensorOver(this.floats(padded.reduce((x, y) => x * y)), padded), shape }
    for (const place of places(tensor)) tensor.data[place] = random.uniform(-1, 1)
    return tensor
  }

  /** What every sum starts from. */
  zero(): Tensor {
    return { data: this.floats(1).fill(0), shape: [1], stride: [0, 0], offset: 0 }
  }

  /** Writes a product down as the WebAssembly backend does; answers its address. */
  describe({ out, a, b, start }: Operands): number {
    const matrix = ({ data, offset, stride }: Tensor): number[] => [
      data.byteOffset + 4 * offset,
      ...[stride.at(-3) ?? 0, ...stride.slice(-2)].map((x) => 4 * x),
    ]
    const [outs, as, bs] = [matrix(out), matrix(a), matrix(b)]
    const [n, m, k] = [out.shape.at(-2)!, out.shape.at(-1)!, b.shape.at(-2)!]
    const packed = this.floats(panelsOf(this.#native, m) * this.#native.panelColumns * k).byteOffset
    const numbers = [n, m, k, ...as, ...bs, packed, ...outs.slice(0, 3), ...matrix(start)]
    const words = new Int32Array(this.memory.buffer, this.floats(numbers.length).byteOffset, numbers.length)
    words.set(numbers)
    return words.byteOffset
  }

  kernels(): NativeKernels {
    return this.#native.on(this.memory, new Uint8Array(this.memory.buffer))
  }
}

export const places = ({ shape, stride, offset }: Tensor): number[] =>
  shape.reduce(
    (found, size, axis) => found.flatMap((from) => Array.from({ length: size }, (_, i) => from + i * stride[axis]!)),
    [offset],
  )

export const bits = (x: Tensor): number[] =>
  places(x).map((place) => new Uint32Array(x.data.buffer)[x.data.byteOffset / 4 + place]!)

export const erase = (x: Tensor): void => places(x).forEach((place) => (x.data[place] = NaN))

/** How many panels a matrix of `m` columns has. */
export const panelsOf = ({ panelColumns }: Native, m: number): number => Math.ceil(m / panelColumns)
