import { loadNative, type Native, type NativeKernels } from '@recurra/backend'
import { at, Random, transposed } from '@recurra/tensor'
import { describe, expect, test } from 'vitest'
import { addonFile, isBuilt } from '@recurra/backend-native'
import { Arena, bits, erase, panelsOf, places, type Operands } from './arena.ts'

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

/** The kernels of one instruction set; undefined where the processor has not got it, or nothing is built. */
const kernelsOn = (name: Native['instructions']): Native | undefined => {
  try {
    return loadNative(addonFile(), [name])
  } catch {
    return undefined
  }
}
const sets = (['avx512', 'avx2', 'neon'] as const).flatMap((name) => kernelsOn(name) ?? [])

test.runIf(isBuilt())('some instruction set of this processor has kernels, and the first is taken', () => {
  expect(loadNative(addonFile()).instructions).toBe(sets[0]!.instructions)
})

test.runIf(sets.length > 1)('all instruction sets give the same bits', () => {
  for (const [n, k, m] of [[1, 100, 65], [2, 256, 100], [5, 64, 256], [33, 800, 130], [13, 31, 5]] as const)
    for (const way of Object.keys(ways) as Way[]) {
      const found = sets.map((native) => {
        const arena = new Arena(native)
        const draw = new Random(7) // the same for each of them
        const a = arena.tensor(n, k)
        const operands = { out: arena.tensor(n, m), a, b: arena.tensor(k, m), start: arena.zero() }
        for (const x of [a, operands.b]) for (const place of places(x)) x.data[place] = draw.uniform(-1, 1)
        ways[way](arena.kernels(), arena.describe(operands), 0, 0, panelsOf(native, m))
        return bits(operands.out)
      })
      for (const other of found.slice(1)) expect(other).toEqual(found[0])
    }
})

describe.each(sets)('native matmul (only when built: npm run native): $instructions', (native) => {
  const panels = (m: number): number => panelsOf(native, m)

  const check = (
    n: number,
    k: number,
    m: number,
    aTurned: boolean,
    bTurned: boolean,
    from: 'zero' | 'out' | 'bias' | 'gaps',
    way: Way,
  ): void => {
    const arena = new Arena(native, (n + 3) * (k + 3) + (k + 3) * (m + 35) * 2 + (n + 3) * (m + 3) + 4 * m + 1000)
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
    ways[way](arena.kernels(), arena.describe(operands), 0, 0, panels(m))
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
    const arena = new Arena(native)
    const operands = { out: arena.tensor(n, m), a: arena.tensor(n, k), b: arena.tensor(k, m), start: arena.zero() }
    const [kernels, address, all] = [arena.kernels(), arena.describe(operands), panels(m)]
    kernels.multiplyInPlace(address, 0, 0, all)
    const whole = bits(operands.out)
    for (const way of names)
      for (const parts of [1, 2, 3, all]) {
        erase(operands.out)
        for (let part = parts; part-- > 0;)
          ways[way](kernels, address, 0, Math.floor((all * part) / parts), Math.floor((all * (part + 1)) / parts))
        expect(bits(operands.out)).toEqual(whole)
      }
  })

  test('each step has the bits it would have alone', () => {
    const arena = new Arena(native)
    const operands = {
      out: arena.tensor(4, 9, 21),
      a: arena.tensor(4, 9, 300),
      b: arena.tensor(300, 21),
      start: arena.zero(),
    }
    const [kernels, address] = [arena.kernels(), arena.describe(operands)]
    kernels.pack(address, 0, 0, panels(21))
    for (const step of [2, 0, 3, 1]) kernels.multiply(address, step, 0, panels(21))
    const rows = {
      ...operands,
      out: arena.tensor(36, 21),
      a: { ...operands.a, shape: [36, 300], stride: operands.a.stride.slice(1) },
    }
    kernels.packAndMultiply(arena.describe(rows), 0, 0, panels(21))
    expect(bits(operands.out)).toEqual(bits(rows.out))
  })

  test.each(names)('a b per step has the bits it would have alone (%s)', (way) => {
    for (const n of [2, 9]) {
      const arena = new Arena(native)
      const [out, a, b] = [arena.tensor(n, 21), arena.tensor(n, 300), arena.tensor(3, 300, 21)]
      const [kernels, alone] = [arena.kernels(), arena.tensor(n, 21)]
      const address = arena.describe({ out, a, b, start: arena.zero() })
      for (const step of [2, 0, 1]) {
        ways[way](kernels, address, step, 0, panels(21))
        const one = { out: alone, a, b: at(b, step), start: arena.zero() }
        ways[way](kernels, arena.describe(one), 0, 0, panels(21))
        expect(bits(out)).toEqual(bits(alone))
      }
    }
  })

  test('rows that lie a way of the cache apart give the bits of those side by side', () => {
    const [n, k, m, apart] = [16, 64, 70, 1024]
    const arena = new Arena(native)
    const near = { out: arena.tensor(n, m), a: arena.tensor(n, k), b: arena.tensor(k, m), start: arena.zero() }
    const far = { ...near, out: arena.tensor(n, m), a: { ...arena.tensor(n, apart - 3), shape: [n, k] } }
    expect(far.a.stride[0]).toBe(apart)
    places(near.a).forEach((place, i) => (far.a.data[places(far.a)[i]!] = near.a.data[place]!))
    for (const way of names) {
      for (const one of [near, far]) ways[way](arena.kernels(), arena.describe(one), 0, 0, panels(m))
      expect(bits(far.out)).toEqual(bits(near.out))
    }
  })

  test('NaN and infinity stay in their column', () => {
    const arena = new Arena(native)
    const operands = { out: arena.tensor(8, 20), a: arena.tensor(8, 10), b: arena.tensor(10, 20), start: arena.zero() }
    operands.a.data[0] = 0
    operands.b.data[7] = Infinity
    arena.kernels().packAndMultiply(arena.describe(operands), 0, 0, panels(20))
    places(operands.out).forEach((place, i) => expect(Number.isFinite(operands.out.data[place])).toBe(i % 20 !== 7))
    expect(operands.out.data[7]).toBeNaN() // 0 · Infinity
  })
})
