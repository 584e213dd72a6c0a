import { ShapeError, ValueError } from '@recurra/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

it('writes as the reference implementation: wide numbers first, then by name, the header padded to 8 bytes', () => {
  const file = writeSafetensors(
    [
      { name: 'b', dtype: 'U8', shape: [1], values: [3] },
      { name: '1', dtype: 'F32', shape: [2], values: [1, 2] },
      { name: '0', dtype: 'F32', shape: [], values: [0.5] },
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
  const tensor = fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.array(fc.float())).map(([name, values]) => ({ name, dtype: 'F32' as const, shape: [values.length], values }))
  const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 8 }).filter((all) => all.every(({ name }) => !name.startsWith('__')))
  fc.assert(
    fc.property(tensors, (all) => {
      const read = readSafetensors(writeSafetensors(all)).tensors
      expect(read.size).toBe(all.length)
      for (const { name, values } of all) expect(read.get(name)!.values()).toEqual(Float32Array.from(values))
    }),
  )
})

it('rejects what could not be read', () => {
  const one = { name: 'a', dtype: 'F32', shape: [2], values: [1, 2] } as const
  expect(() => writeSafetensors([one, one])).toThrow(ValueError)
  expect(() => writeSafetensors([{ ...one, name: '__metadata__' }])).toThrow(ValueError)
  expect(() => writeSafetensors([{ ...one, shape: [3] }])).toThrow(ShapeError)
})
