import { ValueError } from '@recurra/tensor'

/** A text, and how its bytes were understood. */
export interface DecodedText {
  readonly text: string
  /** UTF-8, UTF-16LE, UTF-16BE or windows-1252; or that which was asked for. */
  readonly encoding: string
}

/**
 * The text of the bytes of a file: as their byte order mark says; without one, UTF-16 if all bytes that are 0 lie at
 * even, or all at odd places; else UTF-8 where that fits; else windows-1252, of which Latin-1 is a part.
 * An encoding that is asked for is taken in place of all this.
 * @throws `ValueError` that says what else they are: binary, UTF-32, or a text in another encoding.
 */
export const decodeText = (bytes: Uint8Array, where: string, asked?: string): DecodedText => {
  if (asked !== undefined) return decodeAs(bytes, where, asked)
  const fault = (got: string): ValueError =>
    new ValueError({ where, expected: 'a file of text', got, fix: 'Save it as UTF-8, or check the path.' })
  const utf32 = ['fffe0000', '0000feff'].includes(Buffer.from(bytes.subarray(0, 4)).toString('hex'))
  if (utf32) throw fault('UTF-32')
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex')
  const order = mark === 'fffe' ? 'UTF-16LE' : mark === 'feff' ? 'UTF-16BE' : orderOf(bytes)
  if (order) {
    const text = strictly(bytes, order.toLowerCase())
    if (text === undefined || control.test(text)) throw fault(`damaged ${order}`)
    return { text, encoding: order }
  }
  const text = strictly(bytes, 'utf-8')
  if (text?.includes('\0')) throw fault('a binary file')
  if (text !== undefined) return { text, encoding: 'UTF-8' }
  const western = windows1252(bytes)
  if (control.test(western)) throw fault('a binary file')
  if (!isWestern(bytes)) throw fault(`text in another encoding than UTF-8${likely(bytes)}`)
  return { text: western, encoding: 'windows-1252' }
}

/** Whether there is an encoding by a name, such as `latin1`, `utf-16` or `euc-kr`. */
export const isEncoding = (name: string): boolean => {
  try {
    return new TextDecoder(name).encoding !== 'replacement'
  } catch {
    return false
  }
}

/** Latin-1 is read as windows-1252, as browsers do; UTF-16 without a byte order mark as its zeros tell, or else LE. */
const decodeAs = (bytes: Uint8Array, where: string, asked: string): DecodedText => {
  const label = new TextDecoder(asked).encoding
  const both = /^utf-?16$|^unicode$/i.test(asked.trim())
  const encoding = both ? (bigEndian(bytes) ? 'utf-16be' : 'utf-16le') : label
  const text = encoding === 'windows-1252' ? windows1252(bytes) : strictly(bytes, encoding)
  if (text !== undefined && !text.includes('\0')) return { text, encoding: asked }
  const fix = 'Choose another --encoding, or leave it out to have it found.'
  const got = text === undefined ? 'invalid bytes' : 'characters that no text has'
  throw new ValueError({ where, expected: `a text in ${asked}`, got, fix })
}

const bigEndian = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xfe && bytes[1] === 0xff ? true : bytes[0] !== 0xff && orderOf(bytes) === 'UTF-16BE'

const strictly = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

// without those that lay a text out, escape, and the end of file of DOS
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\x0e-\x19\x1c-\x1f]/

/** By hand, because decoders of some versions of Node take these bytes as Latin-1 does: as control characters. */
const from0x80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

const windows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('latin1').replaceAll(/[\x80-\x9f]/g, (byte) => from0x80[byte.charCodeAt(0) - 0x80]!)

/** UTF-16 without a mark, by the zeros in its ASCII characters; other texts have none. */
const orderOf = (bytes: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | undefined => {
  let [even, odd] = [0, 0]
  bytes.forEach((byte, i) => {
    if (byte !== 0) return
    if (i % 2 === 0) even++
    else odd++
  })
  if (bytes.length % 2 !== 0 || even + odd === 0 || (even > 0 && odd > 0)) return undefined
  const order = even > 0 ? 'UTF-16BE' : 'UTF-16LE'
  const text = strictly(bytes, order.toLowerCase())
  return text !== undefined && !control.test(text) ? order : undefined
}

/** In western texts, letters beyond ASCII stand mostly alone; where they follow each other, the script is another. */
const isWestern = (bytes: Uint8Array): boolean => {
  let [high, neighbours] = [0, 0]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (undefinedBytes.includes(byte)) return false
    if (byte < 0x80) continue
    high++
    if (bytes[i - 1]! >= 0x80) neighbours++
  }
  return neighbours <= 0.3 * high
}

const undefinedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d] // in windows-1252

const likely = (bytes: Uint8Array): string => {
  const others = ['euc-kr', 'shift_jis', 'gb18030', 'big5', 'windows-1251']
  const fitting = others.filter((encoding) => strictly(bytes, encoding) !== undefined)
  return fitting.length > 0 ? `, perhaps ${fitting.slice(0, 3).join(', ')}` : ''
}
