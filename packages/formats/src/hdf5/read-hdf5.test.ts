import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readHdf5 } from './read-hdf5.ts'

const golden = (name: string): URL => new URL(`../../../../test/golden/${name}`, import.meta.url)

it('values that were never written are the fill value, as in h5py', () => {
  const { tensors } = readHdf5(readFileSync(golden('hdf5-datasets.h5')))
  const values = Object.fromEntries([...tensors].map(([name, { read }]) => [name, Array.from(read(), Number)]))
  expect(values).toEqual(JSON.parse(readFileSync(golden('hdf5-datasets.json'), 'utf8')))
})
