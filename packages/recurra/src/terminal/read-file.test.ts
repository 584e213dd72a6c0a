import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ValueError } from '@recurra/tensor'
import { afterAll, expect, it } from 'vitest'
import { readBytes, readText } from './read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

it('reads bytes as they are', () => {
  expect(readBytes(file('bytes', new Uint8Array([0, 255])))).toEqual(new Uint8Array([0, 255]))
})

it('reads UTF-8, with line ends of one character', () => {
  expect(readText(file('text', '\uFEFFzwölf\r\nBoxkämpfer\n'))).toBe('zwölf\nBoxkämpfer\n')
})

it.each([
  ['a file that is not there', join(folder, 'nothing'), 'nothing by this name'],
  ['a folder', folder, 'a folder'],
  ['an empty file', file('empty', ''), 'an empty file'],
  ['bytes that are no UTF-8', file('latin1', new Uint8Array([0x66, 0xfc, 0x72])), 'a binary file'],
  ['bytes that hold a zero', file('zero', 'a\0b'), 'a binary file'],
])('%s is an error that says so', (_, path, got) => {
  expect(() => readText(path)).toThrow(ValueError)
  expect(() => readText(path)).toThrow(`${path}: expected a file of UTF-8 text, got ${got}. `)
})
