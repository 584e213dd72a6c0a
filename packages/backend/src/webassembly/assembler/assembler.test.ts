import { describe, expect, it } from 'vitest'
import { f32x4, i32, i32x4, ModuleBuilder } from './index.ts'

const memory = new WebAssembly.Memory({ initial: 1 })
const numbers = new Float32Array(memory.buffer)
const instantiate = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { backend: { memory } }).exports

describe('assembler', () => {
  it('writes loops over vectors, with constants of every size', () => {
    const module = new ModuleBuilder()
    module.export('axpy', 3, (f, count, x, y) => {
      f.countdown(count, 4, () => {
        f.do(f32x4.store(y, f32x4.add(f32x4.mul(f32x4.load(x), f32x4.constant(-1234.5)), f32x4.load(y))))
        f.advance(x, 16)
        f.advance(y, 16)
      })
    })
    const axpy = instantiate(module.bytes())['axpy'] as (count: number, x: number, y: number) => void
    for (let i = 0; i < 8; i++) {
      numbers[i] = i
      numbers[200 + i] = 100 * i
    }
    numbers.fill(5, 208, 212)
    axpy(11, 0, 800)
    expect([...numbers.subarray(200, 208)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => 100 * i - 1234.5 * i))
    expect([...numbers.subarray(208, 212)]).toEqual([5, 5, 5, 5]) // three are left over, not touched
  })

  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)])('encodes %d', (value) => {
    const module = new ModuleBuilder()
    const splat = module.define(2, (f, to, what) => f.do(f32x4.storeFirst(to, i32x4.splat(what))))
    module.export('put', 1, (f, to) => f.if(i32.isZero(0), () => f.call(splat, to, value)))
    ;(instantiate(module.bytes())['put'] as (to: number) => void)(64)
    expect(new Int32Array(memory.buffer)[16]).toBe(value)
  })
})
