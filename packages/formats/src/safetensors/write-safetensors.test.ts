import { ShapeError, ValueError, type NamedTensor } from '@recurra/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

it('writes as the reference implementation: wide numbers first, then by name, the header padded to 8 bytes', () => {
  const file = writeSafetensors(
    [
      { name: 'b', dtype: 'U8', shape: [1], read: () => [3] },
      { name: '1', dtype: 'F32', shape: [2], read: () => [1, 2] },
      { name: '0', dtype: 'F32', shape: [], read: () => [0.5] },
    ],
    { format: 'pt' },
  )
  const header = '{"__metadata__":{"format":"pt"},"0":{"dtype":"F32","shape":[],"data_offsets":[0,4]},'
    + '"1":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"b":{"dtype":"U8","shape":[1],"data_offsets":[12,13]}}'
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(new TextDecoder().decode(file.subarray(8, 8 + length)).trimEnd()).toBe(header)
  expect(file.length).toBe(8 + length + 13)
})

it('what is written is read, to the bit', () => {
  const tensor = fc
    .tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.array(fc.float()))
    .map(([name, values]) => ({ name, dtype: 'F32', shape: [values.length], read: () => values }))
  const tensors = fc
    .uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 8 })
    .filter((all) => all.every(({ name }) => !name.startsWith('__')))
  fc.assert(
    fc.property(tensors, (all) => {
      const read = readSafetensors(writeSafetensors(all)).tensors
      expect(read.size).toBe(all.length)
      for (const one of all) expect(read.get(one.name)!.read()).toEqual(Float32Array.from(one.read()))
    }),
  )
})

it('rejects what could not be read', () => {
  const one = { name: 'a', dtype: 'F32', shape: [2], read: () => [1, 2] } as const
  expect(() => writeSafetensors([one, one])).toThrow(ValueError)
  expect(() => writeSafetensors([{ ...one, name: '__metadata__' }])).toThrow(ValueError)
  expect(() => writeSafetensors([{ ...one, shape: [3] }])).toThrow(ShapeError)
  expect(() => writeSafetensors([{ ...one, dtype: 'F33' }])).toThrow(/a: expected a number type .*, got F33/)
  const withoutRead = { name: 'a', dtype: 'F32', shape: [2], values: [1, 2] } as unknown as NamedTensor
  expect(() => writeSafetensors([withoutRead])).toThrow(/that reads its values, got undefined.*read: \(\) =>/)
})

it.each<[dtype: 'U64' | 'I64' | 'I32' | 'U8' | 'I8' | 'F16' | 'BF16' | 'F32' | 'F64', value: unknown]>([
  ['U64', 2n ** 64n], ['U64', 2 ** 64], ['U64', -1n], ['I64', 2n ** 63n], ['I64', 1.5], ['I64', Number.NaN],
  ['I32', 2 ** 31], ['U8', 256], ['U8', -1], ['U8', 1.5], ['I8', 128], ['F16', 65520], ['BF16', 3.4e38], ['F32', 1e39],
  ['F64', 2n ** 53n + 1n], ['F32', '1'], ['F32', null], ['F32', undefined],
])('refuses %s of what would become another number: %s', (dtype, value) => {
  const one = { name: 'a', dtype, shape: [1], read: () => [value] as number[] }
  expect(() => writeSafetensors([one])).toThrow(ValueError)
})

it.each<[dtype: 'U64' | 'I64' | 'U8' | 'I8' | 'F16' | 'BF16' | 'F32', value: number | bigint, read?: number | bigint]>([
  ['U64', 2n ** 64n - 1n],
  ['U64', 2 ** 53, 2n ** 53n],
  ['I64', -(2n ** 63n)],
  ['U8', 255],
  ['I8', -128],
  ['F16', 65519, 65504],
  ['F16', Infinity],
  ['BF16', 3.3e38, 3.2966853e38],
  ['F32', 2n ** 60n, 2 ** 60],
  ['F32', Number.NaN],
  ['F32', 3.4028235e38, 3.4028234663852886e38],
])('writes %s up to its ends: %s', (dtype, value, read = value) => {
  const file = writeSafetensors([{ name: 'a', dtype, shape: [1], read: () => [value] as number[] }])
  const [written] = readSafetensors(file).tensors.get('a')!.read() as Float32Array
  if (dtype === 'BF16') expect(Math.abs(Number(written) / Number(read) - 1)).toBeLessThan(1 / 256)
  else expect(written).toBe(read)
})
