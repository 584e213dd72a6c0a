import { crc32 } from '../../crc.ts'
import type { Dim } from './values.ts'

const longest = 60 // characters of a name before it is cut

/** A name for a size that is computed from others. A long one is cut, and keeps a checksum of what it was. */
const named = (text: string): string => {
  if (text.length <= longest) return text
  return `${text.slice(0, longest - 9)}…${crc32(new TextEncoder().encode(text)).toString(16)}`
}

/** What an operation makes of two sizes that are not both known. */
export const sizeOfTwo = (operation: string, a: Dim, b: Dim): string => named(`(${a} ${operation} ${b})`)

/** The product of two sizes: the same one in either order. */
export const productOf = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a === 0 || b === 0) return 0
  if (a === 1) return b
  return b === 1 ? a : named(`${a} · ${b}`.split(' · ').sort().join(' · '))
}

/** A size and a number of further ones. */
export const sumOf = (size: Dim, more: number): Dim => {
  if (typeof size === 'number') return size + more
  return more === 0 ? size : named(`${size} ${more < 0 ? '-' : '+'} ${Math.abs(more)}`)
}

/** How many windows of `width` there are, one every `stride`. */
export const windowsIn = (size: Dim, width: number, stride: number): Dim => {
  if (typeof size === 'number') return Math.floor((size - width) / stride) + 1
  return stride === 1 ? sumOf(size, 1 - width) : named(`${size} in windows of ${width} every ${stride}`)
}
