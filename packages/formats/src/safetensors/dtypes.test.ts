import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { inMemory } from '../byte-source.ts'
import { headerOf } from './header.ts'
import { readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

const golden = readFileSync(new URL('../../../../test/golden/number-types.safetensors', import.meta.url))
const bytesIn = (file: Uint8Array, name: string): Uint8Array => {
  const { entries, start } = headerOf(inMemory(file))
  const { begin, end } = entries.find((entry) => entry.name === name)!
  return Uint8Array.from(file.subarray(start + begin, start + end))
}

describe('a file of every number type from torch', () => {
  const { tensors, metadata } = readSafetensors(golden)
  const values = (name: string): unknown => tensors.get(name)!.read()

  it('is read', () => {
    expect(Object.fromEntries(metadata)).toEqual({ 'made by': 'torch', sign: '∇' })
    expect(values('float64')).toEqual(Float64Array.of(1 / 3, -2.5e300, 5e-324, 0.1))
    expect(tensors.get('float64')!.shape).toEqual([2, 2])
    expect(values('int64')).toEqual(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n))
    expect(values('int32')).toEqual(Int32Array.of(-(2 ** 31), 2 ** 31 - 1))
    expect(tensors.get('uint8')).toMatchObject({ dtype: 'U8', shape: [] })
    expect(values('uint8')).toEqual(Uint8Array.of(200))
    expect(values('bool')).toEqual(Uint8Array.of(1, 0, 1))
    expect(tensors.get('empty')!.shape).toEqual([3, 0])
    expect(values('empty')).toEqual(new Float32Array(0))
  })

  it.each(['F16', 'BF16'] as const)('%s is rounded as torch rounds', (dtype) => {
    const name = { F16: 'float16', BF16: 'bfloat16' }[dtype]
    const source = tensors.get('float32')!
    // torch makes infinity of what is too large, which is refused here
    const rounded = tensors.get(name)!.read() as Float32Array
    const values = (source.read() as Float32Array).map((value, i) => Number.isFinite(rounded[i]!) ? value : rounded[i]!)
    const file = writeSafetensors([{ name, dtype, shape: source.shape, read: () => values }])
    expect(bytesIn(file, name)).toEqual(bytesIn(golden, name))
  })

  it('is the same after writing and reading it', () => {
    const copy = writeSafetensors(tensors.values(), Object.fromEntries(metadata))
    const again = readSafetensors(copy)
    for (const [name, { dtype, shape }] of tensors) {
      expect(again.tensors.get(name)).toMatchObject({ name, dtype, shape })
      expect(bytesIn(copy, name)).toEqual(bytesIn(golden, name))
    }
    expect(again.metadata).toEqual(metadata)
  })
})

/** A file of this header and a number of bytes of data. */
const fileOf = (json: string | Uint8Array, data = 0): Uint8Array => {
  const header = typeof json === 'string' ? new TextEncoder().encode(json) : json
  const file = new Uint8Array(8 + header.length + data)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  return file
}
const entry = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`

describe('every type that the format has', () => {
  const widths: Readonly<Record<string, number>> = {
    BOOL: 1,
    F4: 0.5,
    F6_E2M3: 0.75,
    F6_E3M2: 0.75,
    U8: 1,
    I8: 1,
    F8_E5M2: 1,
    F8_E4M3: 1,
    F8_E8M0: 1,
    I16: 2,
    U16: 2,
    F16: 2,
    BF16: 2,
    I32: 4,
    U32: 4,
    F32: 4,
    C64: 8,
    F64: 8,
    I64: 8,
    U64: 8,
    F9_NEW: 3,
  }
  let end = 0
  const header = Object.entries(widths)
    .map(([dtype, width]) => `"${dtype}":${entry(dtype, '[4]', `[${end},${(end += 4 * width)}]`)}`)
    .join()
  const file = fileOf(`{${header}}`, end)
  file.set(
    [0x38, 0x7f, 0x7e, 0x81],
    file.length - end +
      Object.entries(widths).reduce(
        (at, [, width], i, all) => at + (i < all.findIndex(([other]) => other === 'F8_E4M3') ? 4 * width : 0),
        0,
      ),
  )
  const { tensors } = readSafetensors(file)

  it('is listed, and read where it is known', () => {
    expect([...tensors.values()].map(({ dtype, shape }) => [dtype, shape])).toEqual(
      Object.keys(widths).map((type) => [type, [4]]),
    )
    for (const { dtype, read } of tensors.values()) {
      if (['F4', 'F6_E2M3', 'F6_E3M2', 'F9_NEW'].includes(dtype)) expect(read, dtype).toThrow(FormatError)
      else expect(read().length, dtype).toBe(dtype === 'C64' ? 8 : 4)
    }
    expect(tensors.get('F9_NEW')!.read).toThrow('F9_NEW: expected values of type U64, I64')
  })

  it('has the values of the standard', () => {
    expect(tensors.get('F8_E4M3')!.read()).toEqual(Float32Array.of(1, Number.NaN, 448, -(2 ** -9)))
    const bytes = (dtype: string, ...values: number[]): unknown => {
      const one = fileOf(`{"a":${entry(dtype, `[${values.length}]`, `[0,${values.length}]`)}}`, values.length)
      one.set(values, one.length - values.length)
      return readSafetensors(one).tensors.get('a')!.read()
    }
    expect(bytes('F8_E5M2', 0x3c, 0x7c, 0xfb, 0x01)).toEqual(Float32Array.of(1, Infinity, -57344, 2 ** -16))
    expect(bytes('F8_E8M0', 127, 130, 0, 255)).toEqual(Float32Array.of(1, 8, 2 ** -127, Number.NaN))
    expect(bytes('I8', 255, 128)).toEqual(Int8Array.of(-1, -128))
  })

  it('is written as it was read, but for the 8-bit floats', () => {
    const values = {
      U64: [2n ** 64n - 1n],
      U32: [2 ** 32 - 1],
      U16: [65535],
      I16: [-32768],
      I8: [-128],
      C64: [1, -2],
    } as const
    const written = writeSafetensors(
      Object.entries(values).map(([dtype, each]) => ({ name: dtype, dtype, shape: [1], read: () => each })),
    )
    const again = readSafetensors(written).tensors
    for (const [dtype, each] of Object.entries(values))
      expect(Array.from(again.get(dtype)!.read() as ArrayLike<number>)).toEqual(each)
    expect(() => writeSafetensors([{ name: 'a', dtype: 'F8_E4M3', shape: [1], read: () => [1] }])).toThrow(
      /a: expected a number type that is written: U64, .*, got F8_E4M3/,
    )
  })
})
