import { readFileSync, statSync } from 'node:fs'
import { ValueError } from 'recurra'
import { mobyDick } from './moby-dick.ts'

/** The text to learn: a file's, or Moby Dick. What is no text is a `ValueError` that says why. */
export const readText = (path?: string): string => {
  if (path === undefined) return mobyDick()
  const fault = (got: string): ValueError => new ValueError({ where: '--text', expected: 'a file of UTF-8 text', got: `${path}, which ${got}`, fix: 'Check the path, or leave it out to read Moby Dick.' })
  const bytes = bytesOf(path, fault)
  if (bytes.length === 0) throw fault('is empty')
  const text = decoded(bytes)
  if (text === undefined || text.includes('\0')) throw fault('is binary')
  return text.replaceAll('\r\n', '\n')
}

const bytesOf = (path: string, fault: (got: string) => ValueError): Uint8Array => {
  try {
    if (statSync(path).isDirectory()) throw fault('is a folder')
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === undefined ? error : fault(code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`)
  }
}

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
