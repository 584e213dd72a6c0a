import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ValueError } from '@recurra/tensor'
import { afterAll, expect, it } from 'vitest'
import { decodedFile, readBytes, readText } from './read-file.ts'

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
  ['utf-8', Buffer.from('é'), 'é'],
  ['latin1', Buffer.from([0xe9, 0x80]), 'é€'],
  ['windows-1252', Buffer.from([0x93, 0x94]), '“”'],
  ['utf-16', Buffer.from('é\n', 'utf16le'), 'é\n'],
  ['utf-16', Buffer.from('feff00e9', 'hex'), 'é'],
  ['utf-16', Buffer.from('006100e9', 'hex'), 'aé'],
  ['utf-16be', Buffer.from('00e900e9', 'hex'), 'éé'],
  ['euc-kr', Buffer.from('c1a4b8bb', 'hex'), '정말'],
])('reads %s where it is asked for', (encoding, bytes, text) => {
  expect(decodedFile(file('asked', bytes), encoding)).toEqual({ text, encoding })
})

it.each([
  ['utf-8', 'e9', 'invalid bytes'],
  ['utf-16', '610062', 'invalid bytes'],
  ['latin1', '6100', 'characters that no text has'],
])('bytes that are no %s are an error', (encoding, hex, got) => {
  const path = file('wrong', Buffer.from(hex, 'hex'))
  expect(() => decodedFile(path, encoding)).toThrow(`a text in ${encoding}, got ${got}`)
})

it.each([
  ['a file that is not there', join(folder, 'nothing'), 'nothing by this name'],
  ['a folder', folder, 'a folder'],
  ['an empty file', file('empty', ''), 'an empty file'],
  ['Korean', file('korean', Buffer.from('c1a4b8bb', 'hex')), /text in another encoding than UTF-8, perhaps euc-kr/],
  ['UTF-32', file('utf32', Buffer.from('fffe000061000000', 'hex')), 'UTF-32'],
  ['half of UTF-16', file('utf16', Buffer.from('fffe610062', 'hex')), 'damaged UTF-16LE'],
  ['bytes that hold a zero', file('zero', 'a\0b'), 'a binary file'],
])('%s is an error that says so', (_, path, got) => {
  expect(() => readText(path)).toThrow(ValueError)
  expect(() => readText(path)).toThrow(`${path}: expected a file of text, got `)
  expect(() => readText(path)).toThrow(got)
})

it.each([
  ['UTF-8', Buffer.from('zwölf\n정말')],
  ['UTF-16LE', Buffer.from('\uFEFFzwölf\n정말', 'utf16le')],
  ['UTF-16LE', Buffer.from('zwölf\n정말', 'utf16le')],
  ['UTF-16BE', Buffer.from('\uFEFFzwölf\n정말', 'utf16le').swap16()],
  ['UTF-16BE', Buffer.from('zwölf\n정말', 'utf16le').swap16()],
])('%s is told from its bytes', (encoding, bytes) => {
  expect(decodedFile(file('encoded', bytes))).toEqual({ text: 'zwölf\n정말', encoding })
})

it('what is not UTF-8 is windows-1252, of which Latin-1 is a part', () => {
  expect(decodedFile(file('west', Buffer.from('caf\xe9, \x84na\xefve\x93 \x80 5\r', 'latin1'))))
    .toEqual({ text: 'café, „naïve“ € 5\n', encoding: 'windows-1252' })
})
