import { sizeOf } from '@recurra/tensor'
import { layouts, type StoredType } from './dtypes.ts'
import { expectDistinct, expectWritable, type TensorToStore } from './tensor-to-store.ts'

/**
 * Writes tensors, and texts that go with them, as a safetensors file: byte for byte as the reference implementation
 * does, the widest numbers first, so that all lie where a processor reads them fastest.
 *
 * ```ts
 * import { readSafetensors, writeSafetensors } from 'recurra'
 *
 * const file = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [2], values: [1, 2] }], { made: 'by hand' })
 * console.log(readSafetensors(file).tensors.get('x')?.values()) // [1, 2]
 * ```
 * @throws `ValueError` if a name comes twice, numbers of a type are read only, or one would become another number: an
 * integer beyond its type, or infinity where it was finite.
 * @throws `ShapeError` if values do not fill their shape.
 */
export const writeSafetensors = (
  tensors: Iterable<TensorToStore>,
  metadata: { readonly [key: string]: string } = {},
): Uint8Array => {
  const sorted = [...tensors].sort((a, b) => rankOf(a.dtype) - rankOf(b.dtype) || compare(a.name, b.name))
  expectDistinct(sorted, 'writeSafetensors', ['__metadata__'])
  const header: [name: string, entry: object][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : []
  let end = 0
  for (const tensor of sorted) {
    expectWritable(tensor)
    const { name, dtype, shape } = tensor
    const begin = end
    end += sizeOf(shape) * layouts[dtype].bytes
    header.push([name, { dtype, shape, data_offsets: [begin, end] }])
  }
  // `Object.fromEntries` would put names that look like numbers first.
  const json = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`
  const text = new TextEncoder().encode(json)
  const start = 8 + Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(start + end).fill(0x20, 8, start)
  file.set(text, 8)
  const view = new DataView(file.buffer)
  view.setBigUint64(0, BigInt(start - 8), true)
  let at = start
  for (const { dtype, values } of sorted) {
    const { bytes, values: each = 1, write } = layouts[dtype]
    for (let i = 0; i < values.length; i++, at += bytes / each) write!(view, at, values[i]!)
  }
  return file
}

const order = Object.keys(layouts)
const rankOf = (type: StoredType): number => order.indexOf(type)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
