import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readHdf5 } from './read-hdf5.ts'

const golden = (name: string): URL => new URL(`../../../../test/golden/${name}`, import.meta.url)

it('values that were never written are the fill value, as in h5py', () => {
  const { tensors } = readHdf5(readFileSync(golden('hdf5-datasets.h5')))
  const small = [...tensors].filter(([name]) => name !== 'large')
  const values = Object.fromEntries(small.map(([name, { read }]) => [name, Array.from(read(), Number)]))
  expect(values).toEqual(JSON.parse(readFileSync(golden('hdf5-datasets.json'), 'utf8')))
})

it('integers that a number cannot hold are refused, not rounded', () => {
  const { tensors } = readHdf5(readFileSync(golden('hdf5-datasets.h5')))
  expect(tensors.get('large')).toMatchObject({ dtype: 'I64', shape: [2] })
  expect(() => tensors.get('large')!.read()).toThrow('hdf5, large: expected integers within 2^53, which are exact')
})
