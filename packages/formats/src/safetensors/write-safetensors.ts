import type { NamedTensor } from '@recurra/tensor'
import { expectDistinctNames } from '../named-tensors.ts'
import { layouts } from './dtypes.ts'
import { writable, type Writable } from './writable.ts'

/**
 * Writes tensors, with optional metadata, as a safetensors file: byte for byte like the reference implementation, with
 * the widest number types first, so that all values are aligned.
 *
 * ```ts
 * import { readSafetensors, writeSafetensors } from 'recurra'
 *
 * const file = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [2], read: () => [1, 2] }], { made: 'by hand' })
 * console.log(readSafetensors(file).tensors.get('x')?.read()) // [1, 2]
 * ```
 * @throws `ValueError` if a name occurs twice, a number type is unknown or read-only, or a value would change: an
 * integer out of range, or a finite number that becomes infinite.
 * @throws `ShapeError` if values do not fill their shape.
 */
export const writeSafetensors = (
  tensors: Iterable<NamedTensor>,
  metadata: { readonly [key: string]: string } = {},
): Uint8Array => {
  const sorted = [...tensors].map(writable).sort((a, b) => rankOf(a) - rankOf(b) || compare(a.name, b.name))
  expectDistinctNames(sorted, 'writeSafetensors', '__metadata__')
  const header: [name: string, entry: object][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : []
  let size = 0
  for (const { name, dtype, shape, bytes } of sorted) {
    header.push([name, { dtype, shape, data_offsets: [size, size + bytes] }])
    size += bytes
  }
  // `Object.fromEntries` would put names that look like numbers first.
  const json = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`
  const text = new TextEncoder().encode(json)
  const start = 8 + Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(start + size).fill(0x20, 8, start)
  file.set(text, 8)
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true)
  let at = start
  for (const { bytes, write } of sorted) {
    file.set(write(), at)
    at += bytes
  }
  return file
}

const order = Object.keys(layouts)
const rankOf = ({ dtype }: Writable): number => order.indexOf(dtype)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
