import type { NamedTensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { readHdf5 } from './read-hdf5.ts'
import { writeHdf5 } from './write-hdf5.ts'

const tensor = (name: string, shape: readonly number[], values: readonly number[]): NamedTensor =>
  ({ name, dtype: 'F32', shape, read: () => values })

it('what is written is read again: groups, shapes and values', () => {
  const written = [
    tensor('layers/lstm/cell/vars/0', [2, 3], [1, -2, 0.5, 1e-30, 3e38, -0]),
    tensor('layers/lstm/cell/vars/1', [1], [7]),
    tensor('layers/a/vars/0', [1, 1, 2], [1, 2]), tensor('top', [], [5]),
  ]
  const { tensors, attributes } = readHdf5(writeHdf5(written, ['vars']))
  expect([...tensors.keys()]).toEqual([
    'layers/a/vars/0', 'layers/lstm/cell/vars/0', 'layers/lstm/cell/vars/1', 'top',
  ])
  for (const { name, shape, read } of written) {
    expect(tensors.get(name)).toMatchObject({ shape, dtype: 'F32' })
    const values = Array.from(tensors.get(name)!.read() as ArrayLike<number>)
    expect(values).toEqual([...Float32Array.from(read() as number[])])
  }
  expect([...attributes.keys()]).toContain('vars')
})

it.each([1, 8, 9, 256, 257, 700])('a group of %i links, which need several nodes, and a larger tree', (count) => {
  const written = Array.from({ length: count }, (_, i) => tensor(`layers/dense_${i}`, [1], [i]))
  const { tensors } = readHdf5(writeHdf5(written))
  expect(tensors.size).toBe(count)
  for (const { name, read } of written) expect([...(tensors.get(name)!.read() as number[])]).toEqual(read())
})
