import { expect, it } from 'vitest'
import { faultsIn } from '../compiler.ts'
import { filesBelow, read, root } from '../files.ts'

const expected = /^ *\/\/ @ts-expect-error (.*)$/

/** The compiler must not take the comment as leave to be silent: here its words are compared. */
const unsilenced = (text: string): string => text.replaceAll('@ts-expect-error', 'expect-error')

const files = [...filesBelow('packages'), ...filesBelow('test/types')].filter((path) => path.endsWith('.test-d.ts'))
const faults = faultsIn(files.map((path) => root + path), {}, unsilenced)

it.each(files)('%s: types are as told, and errors are these, on these lines', (path) => {
  const lines = read(path).split('\n')
  const wanted = lines.flatMap((line, i) =>
    expected.test(line) ? [{ line: i + 2, message: expected.exec(line)![1]! }] : [],
  )
  const found = faults.filter(({ file }) => file === root + path).map(({ line, message }) => ({ line, message }))
  expect(found).toEqual(
    wanted.map(({ line, message }) => ({ line, message: expect.stringContaining(message) as string })),
  )
})
