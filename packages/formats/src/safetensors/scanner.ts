import { FormatError } from '../errors.ts'

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
const quote = 0x22
const backslash = 0x5c
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** More names than any model has; each costs time, and many times its length in memory. */
const mostNames = 2 ** 16

/**
 * Reads JSON piece by piece; the caller knows what must come next. `JSON.parse` is unsuitable: it silently takes the
 * last of two equal keys, and builds whatever the file contains, many times the size of the text, before it can be
 * checked.
 */
export class Scanner {
  readonly #bytes: Uint8Array
  readonly #offset: number
  #at = 0

  /** `offset` is the position of the bytes in their file, for messages. */
  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes
    this.#offset = offset
  }

  /** `{ "key": value, … }`: `member` is called at the start of each value, and reads it. No key may occur twice. */
  object(what: string, member: (key: string) => void): void {
    const keys = new Set<string>()
    this.#list('{', '}', what, () => {
      const start = this.#at
      const key = this.string('a name')
      if (key === '__proto__') throw this.fault('a name that is safe to use in JavaScript', '"__proto__"', start)
      if (keys.has(key)) throw this.fault(`each name once in ${what}`, `${JSON.stringify(key)} again`, start)
      if (keys.size === mostNames) throw this.fault(`at most ${mostNames} names in ${what}`, 'more', start)
      keys.add(key)
      this.#expect(':')
      member(key)
    })
  }

  /** `[value, …]`: `element` is called at the start of each value, and reads it. */
  array(what: string, element: () => void): void {
    this.#list('[', ']', what, element)
  }

  /** A string in UTF-8. */
  string(what: string): string {
    const start = this.#skipSpace()
    if (this.#bytes[start] !== quote) throw this.fault(`${what} in quotes`)
    let end = start + 1
    let escaped = false
    for (; this.#bytes[end] !== quote; end++) {
      if (end >= this.#bytes.length) throw this.fault(`${what} that ends`, 'a string without an end', start)
      if (this.#bytes[end]! < 0x20) throw this.fault(`${what} without control characters`, 'one', end)
      if (this.#bytes[end] === backslash) {
        escaped = true
        end++
      }
    }
    this.#at = end + 1
    try {
      const text = utf8.decode(this.#bytes.subarray(start, end + 1))
      const value = escaped ? (JSON.parse(text) as string) : text.slice(1, -1)
      if (!/\p{Surrogate}/u.test(value)) return value
    } catch {
      // falls through: one message for everything that is not text
    }
    throw this.fault(`${what} in valid UTF-8 and escapes`, 'a string that is not', start)
  }

  /** An integer from 0 that a JavaScript number can hold. */
  count(what: string): number {
    const start = this.#skipSpace()
    let value = 0
    for (let digit; (digit = this.#bytes[this.#at]! - 0x30) >= 0 && digit <= 9; this.#at++) value = value * 10 + digit
    const digits = this.#at - start
    if (digits === 0) throw this.fault(`${what}, an integer from 0`)
    if (digits > 1 && this.#bytes[start] === 0x30) throw this.fault(`${what} without leading zeros`, 'one with', start)
    if (!Number.isSafeInteger(value)) throw this.fault(`${what} of at most 2^53 - 1`, 'more', start)
    return value
  }

  /** Only white space may follow. */
  end(what: string): void {
    if (this.#skipSpace() < this.#bytes.length) throw this.fault(`the end of ${what}`)
  }

  /** The error at this position, or at an earlier one. */
  fault(expected: string, got: string = this.#found(), at: number = this.#at): FormatError {
    return new FormatError({
      where: `safetensors header, byte ${this.#offset + at}`,
      expected, got,
      fix: 'The file is damaged or not a safetensors file; get it again from where it came.',
    })
  }

  #list(open: string, close: string, what: string, item: () => void): void {
    this.#expect(open, `${what}, starting with `)
    if (this.#take(close)) return
    do item()
    while (this.#take(','))
    this.#expect(close, '"," or ')
  }

  #expect(mark: string, before = ''): void {
    if (!this.#take(mark)) throw this.fault(`${before}"${mark}"`)
  }

  #take(mark: string): boolean {
    const found = this.#bytes[this.#skipSpace()] === mark.charCodeAt(0)
    if (found) this.#at++
    return found
  }

  #skipSpace(): number {
    while (isSpace(this.#bytes[this.#at])) this.#at++
    return this.#at
  }

  #found(): string {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) return 'the end of the header'
    return byte > 0x20 && byte < 0x7f
      ? `"${String.fromCharCode(byte)}"`
      : `the byte 0x${byte.toString(16).padStart(2, '0')}`
  }
}
