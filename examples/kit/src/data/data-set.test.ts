import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { DataSetError, dataSet } from './data-set.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'broken.json'), '{"data": [0, 1,')
writeFileSync(join(folder, 'short.json'), '{"data": [0, 1]}')

const read = (path: string) => () =>
  dataSet(import.meta.url, {
    from: 'numbers@1.2.3',
    holds: '3 numbers',
    read: (load) => (load(path) as { data: number[] }).data,
    whole: (data) => data.length === 3 || `only ${data.length} numbers`,
  })

it.each([
  [
    'missing',
    'numbers/data.json',
    /^data: expected 3 numbers in the package numbers@1\.2\.3, got none\. .*npm install numbers@1\.2\.3\.$/,
  ],
  ['cut off', join(folder, 'broken.json'), /got a file that breaks off or is damaged \(.+\)\. Reinstall it/],
  ['short', join(folder, 'short.json'), /got only 2 numbers\. Reinstall it/],
])('a data set that is %s is an error that says what to install', (_, path, message) => {
  expect(read(path)).toThrow(DataSetError)
  expect(read(path)).toThrow(message)
})

it('other errors stay what they are', () => {
  const fault = new TypeError('a fault of the program')
  expect(() =>
    dataSet(import.meta.url, {
      from: 'numbers@1.2.3',
      holds: '',
      read: () => {
        throw fault
      },
    }),
  ).toThrow(fault)
})
