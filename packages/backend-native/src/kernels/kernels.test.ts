import { loadNative, type NativeKernels } from '@recurra/backend'
import { at, Random, tensorOver, transposed, type Tensor } from '@recurra/tensor'
import { describe, expect, test } from 'vitest'
import { addonFile, isBuilt } from '../addon-file.ts'

const random = new Random(1)

/** out = start + a · b; steps have their own out, a and start. */
interface Operands {
  readonly out: Tensor
  readonly a: Tensor
  readonly b: Tensor
  readonly start: Tensor
}

/** A memory full of NaN: a float read too many turns a sum into NaN, a float written too many shows. */
class Arena {
  readonly memory: WebAssembly.Memory
  readonly all: Float32Array
  #next = 16

  constructor(floats = 1_000_000) {
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
    const packed = this.floats(Math.ceil(m / 16) * 16 * k).byteOffset
    const numbers = [n, m, k, ...as, ...bs, packed, ...outs.slice(0, 3), ...matrix(start)]
    const words = new Int32Array(this.memory.buffer, this.floats(numbers.length).byteOffset, numbers.length)
    words.set(numbers)
    return words.byteOffset
  }

  kernels(): NativeKernels {
    return loadNative(addonFile()).on(this.memory, new Uint8Array(this.memory.buffer))
  }
}

const places = ({ shape, stride, offset }: Tensor): number[] =>
  shape.reduce(
    (found, size, axis) => found.flatMap((from) => Array.from({ length: size }, (_, i) => from + i * stride[axis]!)),
    [offset],
  )

const bits = (x: Tensor): number[] =>
  places(x).map((place) => new Uint32Array(x.data.buffer)[x.data.byteOffset / 4 + place]!)

const erase = (x: Tensor): void => places(x).forEach((place) => (x.data[place] = NaN))

/** The sums in float64, and the largest errors that k fused multiply-adds in float32 can make of them. */
const expected = ({ out, a, b, start }: Operands): { readonly sums: Float64Array; readonly errors: Float64Array } => {
  const [n, k, m] = [out.shape[0]!, ...b.shape] as [number, number, number]
  const sums = Float64Array.from(
    { length: n * m },
    (_, i) => start.data[start.offset + Math.floor(i / m) * start.stride[0]! + (i % m) * start.stride[1]!]!,
  )
  const errors = sums.map(Math.abs)
  for (let i = 0; i < n; i++)
    for (let l = 0; l < k; l++) {
      const x = a.data[a.offset + i * a.stride[0]! + l * a.stride[1]!]!
      for (let j = 0; j < m; j++) {
        const term = x * b.data[b.offset + l * b.stride[0]! + j * b.stride[1]!]!
        sums[i * m + j]! += term
        errors[i * m + j]! += Math.abs(term)
      }
    }
  return { sums, errors: errors.map((size) => k * 2 ** -24 * size) }
}

/** The ways to one product. */
const ways = {
  ahead: ({ pack, multiply }: NativeKernels, address: number, step: number, from: number, to: number): void => {
    pack(address, step, from, to)
    multiply(address, step, from, to)
  },
  once: ({ packAndMultiply }: NativeKernels, ...part: readonly [number, number, number, number]): void =>
    packAndMultiply(...part),
  inPlace: ({ multiplyInPlace }: NativeKernels, ...part: readonly [number, number, number, number]): void =>
    multiplyInPlace(...part),
}
type Way = keyof typeof ways
const panelsOf = ({ b }: Operands): number => Math.ceil(b.shape[1]! / 16)

describe.skipIf(!isBuilt())('native matmul (only when built: npm run native)', () => {
  const check = (
    n: number,
    k: number,
    m: number,
    aTurned: boolean,
    bTurned: boolean,
    from: 'zero' | 'out' | 'bias' | 'gaps',
    way: Way,
  ): void => {
    const arena = new Arena((n + 3) * (k + 3) + (k + 3) * (m + 19) * 2 + (n + 3) * (m + 3) + 4 * m + 1000)
    const out = arena.tensor(n, m)
    const bias = arena.tensor(m, 2)
    const operands = {
      out,
      a: aTurned ? transposed(arena.tensor(k, n)) : arena.tensor(n, k),
      b: bTurned ? transposed(arena.tensor(m, k)) : arena.tensor(k, m),
      start: {
        zero: arena.zero(),
        out,
        bias: { ...arena.tensor(1, m), stride: [0, 1] },
        gaps: { ...bias, stride: [0, bias.stride[0]!] },
      }[from],
    }
    const { sums, errors } = expected(operands)
    ways[way](arena.kernels(), arena.describe(operands), 0, 0, panelsOf(operands))
    const found = places(out).map((place) => out.data[place]!)
    const wrong = found.findIndex((sum, i) => !(Math.abs(sum - sums[i]!) <= errors[i]!))
    if (wrong >= 0)
      throw new Error(
        `${[n, k, m]} ${[aTurned, bTurned, from, way]}: element ${wrong} is ${found[wrong]}, not ${sums[wrong]}`,
      )
    erase(out)
    const beside = [arena.all[15], ...out.data.filter((x) => !Number.isNaN(x)), arena.all[16 + out.data.length]]
    expect(beside).toEqual([NaN, NaN]) // nothing was written there
  }

  const sizes = [1, 2, 3, 5, 7, 31, 33, 257]
  const views = [[false, false], [true, false], [false, true], [true, true]] as const
  const starts = ['zero', 'out', 'bias', 'gaps'] as const
  const names = Object.keys(ways) as Way[]

  test.each(sizes)('is right within the bound of rounding at odd sizes, with %i rows', (n) => {
    let turn = 0
    for (const [aTurned, bTurned] of views)
      for (const k of sizes)
        for (const m of sizes) check(n, k, m, aTurned, bTurned, starts[turn % 4]!, names[turn++ % 3]!)
  }, 60_000)

  test.each(names)('is right over several blocks of rows and of depth (%s)', (way) => {
    for (const [aTurned, bTurned] of views) {
      check(150, 801, 37, aTurned, bTurned, 'bias', way)
      check(301, 390, 65, aTurned, bTurned, 'out', way)
    }
  })

  test('an empty sum is what it starts from; an empty matrix is left alone', () => {
    for (const start of starts)
      for (const way of names)
        for (const [n, k, m] of [[3, 0, 20], [0, 3, 20], [3, 4, 0]] as const)
          check(n, k, m, false, false, start, way)
  })

  test.each([
    [1, 100, 65], [4, 64, 256], [33, 800, 130], [64, 50, 16], [7, 31, 5],
  ])('has the same bits in all ways, and wherever it is cut: %i x %i x %i', (n, k, m) => {
    const arena = new Arena()
    const operands = { out: arena.tensor(n, m), a: arena.tensor(n, k), b: arena.tensor(k, m), start: arena.zero() }
    const [kernels, address, panels] = [arena.kernels(), arena.describe(operands), panelsOf(operands)]
    kernels.multiplyInPlace(address, 0, 0, panels)
    const whole = bits(operands.out)
    for (const way of names)
      for (const parts of [1, 2, 3, panels]) {
        erase(operands.out)
        for (let part = parts; part-- > 0;)
          ways[way](kernels, address, 0, Math.floor((panels * part) / parts), Math.floor((panels * (part + 1)) / parts))
        expect(bits(operands.out)).toEqual(whole)
      }
  })

  test('each step has the bits it would have alone', () => {
    const arena = new Arena()
    const operands = {
      out: arena.tensor(4, 9, 21),
      a: arena.tensor(4, 9, 300),
      b: arena.tensor(300, 21),
      start: arena.zero(),
    }
    const [kernels, address] = [arena.kernels(), arena.describe(operands)]
    kernels.pack(address, 0, 0, 2)
    for (const step of [2, 0, 3, 1]) kernels.multiply(address, step, 0, 2)
    const rows = {
      ...operands,
      out: arena.tensor(36, 21),
      a: { ...operands.a, shape: [36, 300], stride: operands.a.stride.slice(1) },
    }
    kernels.packAndMultiply(arena.describe(rows), 0, 0, 2)
    expect(bits(operands.out)).toEqual(bits(rows.out))
  })

  test.each(names)('a b per step has the bits it would have alone (%s)', (way) => {
    for (const n of [2, 9]) {
      const arena = new Arena()
      const [out, a, b] = [arena.tensor(n, 21), arena.tensor(n, 300), arena.tensor(3, 300, 21)]
      const [kernels, alone] = [arena.kernels(), arena.tensor(n, 21)]
      const address = arena.describe({ out, a, b, start: arena.zero() })
      for (const step of [2, 0, 1]) {
        ways[way](kernels, address, step, 0, 2)
        const one = { out: alone, a, b: at(b, step), start: arena.zero() }
        ways[way](kernels, arena.describe(one), 0, 0, 2)
        expect(bits(out)).toEqual(bits(alone))
      }
    }
  })

  test('NaN and infinity stay in their column', () => {
    const arena = new Arena()
    const operands = { out: arena.tensor(8, 20), a: arena.tensor(8, 10), b: arena.tensor(10, 20), start: arena.zero() }
    operands.a.data[0] = 0
    operands.b.data[7] = Infinity
    arena.kernels().packAndMultiply(arena.describe(operands), 0, 0, 2)
    places(operands.out).forEach((place, i) => expect(Number.isFinite(operands.out.data[place])).toBe(i % 20 !== 7))
    expect(operands.out.data[7]).toBeNaN() // 0 · Infinity
  })
})
