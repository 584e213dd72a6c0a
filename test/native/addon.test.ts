import { loadNative, type NativeKernels } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { addonFile, isBuilt } from '@recurra/backend-native'

const complaint = (file: string): ConfigurationError => {
  try {
    loadNative(file)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
  }
  throw new Error('no ConfigurationError')
}

test('an addon that is not there is a typed error that says what builds it', () => {
  const file = addonFile('pdp-11')
  const { got, fix } = complaint(file)
  expect(got).toContain(file)
  expect(fix).toContain('npm run native')
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: { native: string }
  }
  expect(scripts.native).toContain('backend-native')
})

test('so is a file that is no addon', () => {
  expect(complaint(new URL('addon.test.ts', import.meta.url).pathname).fix).toContain('npm run native')
})

const page = 65_536
const on = (memory: WebAssembly.Memory): NativeKernels =>
  loadNative(addonFile()).on(memory, new Uint8Array(memory.buffer))
const panels = (m: number): number => Math.ceil(m / loadNative(addonFile()).panelColumns)

/** out [n, m] = a [n, k] · b [k, m] without gaps, described at address 64. */
const product = (
  memory: WebAssembly.Memory,
  [n, k, m]: readonly [number, number, number],
  at: { out: number; a: number; b: number; packed: number; perStep?: number },
): number => {
  const zero = 32
  const { out, a, b, packed, perStep = 0 } = at
  const sizes = [n, m, k]
  const [ofA, ofB, ofOut] = [[a, perStep, 4 * k, 4], [b, 0, 4 * m, 4, packed], [out, perStep, 4 * m]]
  new Int32Array(memory.buffer, 64, 19).set([...sizes, ...ofA, ...ofB, ...ofOut, zero, 0, 0, 0])
  return 64
}

describe.skipIf(!isBuilt())('the addon (only when built: npm run native)', () => {
  test.each([false, true])('works above 2 GiB (shared: %s)', (shared) => {
    const memory = new WebAssembly.Memory({ initial: 50_000, maximum: 50_000, shared })
    const high = 3 * 2 ** 30
    new Float32Array(memory.buffer, high, 5).set([NaN, 2, 3, 5, 7])
    on(memory).packAndMultiply(
      product(memory, [1, 2, 1], { out: high, a: high + 4, b: high + 12, packed: high + 64 }),
      0,
      0,
      1,
    )
    expect(new Float32Array(memory.buffer, high, 1)[0]).toBe(31)
  })

  test.each(['out', 'a', 'b'] as const)('touches nothing behind the memory, where %s ends with it', (name) => {
    for (const n of [1, 4, 7])
      for (const m of [15, 16, 20, 31, 32, 33, 100])
        for (const kernel of ['multiplyInPlace', 'packAndMultiply'] as const) {
          const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
          const floats = { out: n * m, a: n * 9, b: 9 * m }[name]
          const at = { out: 1024, a: 8192, b: 16_384, packed: 24_576 }
          // else the process ends here
          on(memory)[kernel](product(memory, [n, 9, m], { ...at, [name]: page - 4 * floats }), 0, 0, panels(m))
        }
  })

  test('refuses what would leave the memory, before it writes anything', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    const { multiplyInPlace: run } = on(memory)
    const good = { out: 4096, a: 8192, b: 16_384, packed: 32_768, perStep: 1024 }
    run(product(memory, [4, 6, 20], good), 3, 0, panels(20))
    const bad: readonly (readonly [object, number, number, number])[] = [
      [{}, 60, 0, 1], // step
      [{}, 0, 1, 3], // panels
      [{}, 0, 1, 0],
      [{ out: page - 4 }, 0, 0, 1],
      [{ a: page - 4 * 23 }, 0, 0, 1],
      [{ b: page - 4 * 119 }, 0, 0, 1],
      [{ perStep: -8192 }, 1, 0, 1],
    ]
    for (const [change, step, from, to] of bad)
      expect(() => run(product(memory, [4, 6, 20], { ...good, ...change }), step, from, to)).toThrow(RangeError)
    expect(() => run(page - 4, 0, 0, 1)).toThrow(RangeError)
    expect(() => run(NaN, '0' as unknown as number, 0, 1)).toThrow(RangeError)
    expect(() => loadNative(addonFile()).on(memory, [] as unknown as Uint8Array)).toThrow(RangeError)
  })

  test('computes consecutive products in one call, those it is asked for, and refuses one that is not there', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    const kernels = on(memory)
    const [n, k, m, count] = [2, 3, 20, 4] as const
    const bytes = 4 * 19
    new Float32Array(memory.buffer, 8192, n * k).fill(1)
    new Float32Array(memory.buffer, 16_384, k * m).fill(2)
    for (const run of [kernels.packAndMultiplyEach, kernels.multiplyInPlaceEach]) {
      for (let i = count; i-- > 0;) {
        const at = { out: 4096 + 512 * i, a: 8192, b: 16_384, packed: 32_768 }
        new Uint8Array(memory.buffer).copyWithin(64 + bytes * i, product(memory, [n, k, m], at), 64 + bytes)
      }
      const all = new Float32Array(memory.buffer, 4096, 128 * count)
      const firsts = (): number[] => Array.from({ length: count }, (_, i) => all[128 * i]!)
      all.fill(0)
      run(64, 0, 1, 3)
      expect(firsts()).toEqual([0, 6, 6, 0])
      expect(() => run(page - bytes, 0, 0, 2)).toThrow(RangeError)
    }
  })

  test('workers load it for themselves and share one product', async () => {
    const memory = new WebAssembly.Memory({ initial: 40, maximum: 40, shared: true })
    const at = { out: page, a: 2 * page, b: 4 * page, packed: 20 * page }
    const [n, k, m] = [32, 800, 256] as const
    new Float32Array(memory.buffer, at.a, n * k).forEach((_, i, a) => (a[i] = Math.sin(i)))
    new Float32Array(memory.buffer, at.b, k * m).forEach((_, i, b) => (b[i] = Math.cos(i)))
    const address = product(memory, [n, k, m], at)
    const out = new Float32Array(memory.buffer, at.out, n * m)
    on(memory).packAndMultiply(address, 0, 0, panels(m))
    const whole = out.slice()
    out.fill(NaN)
    const code = `
      const { workerData: { file, memory, address, from, to } } = require('node:worker_threads')
      Object.values(require(file))[0].on(memory, new Uint8Array(memory.buffer)).packAndMultiply(address, 0, from, to)`
    const work = (from: number, to: number): Promise<unknown> =>
      once(new Worker(code, { eval: true, workerData: { file: addonFile(), memory, address, from, to } }), 'exit')
    expect(await Promise.all([work(0, 2), work(2, 5), work(5, panels(m))])).toEqual([[0], [0], [0]])
    expect(out).toEqual(whole)
  })
})
