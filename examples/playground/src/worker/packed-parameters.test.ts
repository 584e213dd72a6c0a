import { readSafetensors, writeSafetensors } from 'recurra'
import { expect, it } from 'vitest'
import { packParameters, unpackParameters } from './packed-parameters.ts'

const fileOf = (rows: number, columns: number): Uint8Array => {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i) * (1 + (i % 5)))
  return writeSafetensors([
    { name: '0.weight', dtype: 'F32', shape: [rows, columns], read: () => values },
    { name: '0.bias', dtype: 'F32', shape: [3], read: () => [0, 0, 0] },
  ])
}
const weightOf = (file: Uint8Array): number[] =>
  Array.from(readSafetensors(file).tensors.get('0.weight')!.read() as ArrayLike<number>)

it.each([
  ['a small network in 16 bits', 10, 20, 2 ** -11, 0.5],
  ['a large one in 8', 200, 150, 1 / 254, 0.27],
])('packs %s', (_, rows, columns, error, share) => {
  const file = fileOf(rows, columns)
  const packed = packParameters(file)
  const unpacked = unpackParameters(packed)
  expect(packed.length).toBeLessThan(share * file.length + 400) // names and sizes
  expect([...readSafetensors(unpacked).tensors.keys()].sort()).toEqual(['0.bias', '0.weight'])
  const [before, after] = [weightOf(file), weightOf(unpacked)]
  for (const [i, value] of before.entries()) expect(Math.abs(after[i]! - value)).toBeLessThanOrEqual(5.001 * error)
  expect(after).not.toEqual(before)
  expect(Array.from(readSafetensors(unpacked).tensors.get('0.bias')!.read() as ArrayLike<number>)).toEqual([0, 0, 0])
})
