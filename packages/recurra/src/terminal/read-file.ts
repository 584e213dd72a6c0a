import { readFileSync, statSync } from 'node:fs'
import { systemReasons, ValueError } from '@recurra/tensor'
import { decodeText, type DecodedText } from './decode-text.ts'

/**
 * The bytes of a file.
 *
 * ```ts
 * import { readBytes } from 'recurra/terminal'
 *
 * try {
 *   readBytes('no-such-file')
 * } catch (error) {
 *   console.log((error as Error).message) // no-such-file: expected a file, got nothing by this name. Check the path.
 * }
 * ```
 * @throws `ValueError` if it does not exist, is a folder, cannot be read or is empty; the error names it.
 */
export const readBytes = (path: string, expected = 'a file'): Uint8Array<ArrayBuffer> => {
  const bytes = reading(path, expected, () => readFileSync(path))
  if (bytes.length === 0) throw fault(path, expected, 'an empty file')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) as Uint8Array<ArrayBuffer>
}

/**
 * Nothing, where there is a file that is not empty.
 * @throws `ValueError` where there is none.
 */
export const expectFile = (path: string, expected: string): void => {
  if (reading(path, expected, () => statSync(path)).size === 0) throw fault(path, expected, 'an empty file')
}

const reading = <T>(path: string, expected: string, look: () => T): T => {
  try {
    return look()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === undefined ? error : fault(path, expected, systemReasons[code] ?? message)
  }
}

/**
 * The text of a file, with line ends of one character. The file may be UTF-8 or UTF-16; otherwise it is read as
 * windows-1252, which includes Latin-1.
 *
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { readText } from 'recurra/terminal'
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'text-')), 'poem.txt')
 * writeFileSync(path, 'a rose')
 * console.log(readText(path)) // a rose
 * ```
 * @throws `ValueError` if it cannot be read, or is no text.
 */
export const readText = (path: string): string => decodedFile(path).text

/**
 * The text of a file as `readText` gives it, with the encoding that it was found to have or that is asked for.
 * @throws `ValueError` if it cannot be read, or is no text.
 */
export const decodedFile = (path: string, asked?: string): DecodedText => {
  const { text, encoding } = decodeText(readBytes(path, 'a file of text'), path, asked)
  return { text: text.replaceAll(/\r\n?/g, '\n'), encoding }
}

const fault = (path: string, expected: string, got: string): ValueError =>
  new ValueError({ where: path, expected, got, fix: 'Check the path.' })
