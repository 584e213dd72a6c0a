import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ValueError } from 'recurra'
import { afterAll, expect, it } from 'vitest'
import { readText } from './read-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

it('reads Moby Dick unless told otherwise', () => {
  expect(readText().includes('Call me Ishmael')).toBe(true)
})

it('reads UTF-8, with line ends of one character', () => {
  expect(readText(file('text', '\uFEFFzwölf\r\nBoxkämpfer\n'))).toBe('zwölf\nBoxkämpfer\n')
})

it.each([
  ['a file that is not there', join(folder, 'nothing'), 'does not exist'],
  ['a folder', folder, 'is a folder'],
  ['an empty file', file('empty', ''), 'is empty'],
  ['bytes that are no UTF-8', file('latin1', new Uint8Array([0x66, 0xfc, 0x72])), 'is binary'],
  ['bytes that hold a zero', file('zero', 'a\0b'), 'is binary'],
])('%s is an error that says so', (_, path, why) => {
  expect(() => readText(path)).toThrow(ValueError)
  expect(() => readText(path)).toThrow(`got ${path}, which ${why}`)
})
