import { forEachPosition, sizeOf, stridesOf, ValueError } from '@recurra/tensor'
import type { FormatError } from '../format-error.ts'
import { layouts, type StoredType } from '../safetensors/dtypes.ts'
import { expectFilled, type TensorToStore } from '../safetensors/tensor-to-store.ts'
import { zipFault } from './zip-directory.ts'

/** An array of NumPy. */
export interface Npy {
  readonly dtype: StoredType
  readonly shape: readonly number[]
  /** Its numbers, little-endian, row-major. */
  readonly bytes: Uint8Array
}

/** What NumPy calls the number types; it has no bfloat16. */
const descriptions: { readonly [T in Exclude<StoredType, 'BF16'>]: string } = {
  F64: '<f8', F32: '<f4', F16: '<f2', I64: '<i8', I32: '<i4', U8: '|u1', BOOL: '|b1',
}
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const mostDimensions = 64
const mostHeader = 0xffff

/** The members of the Python dictionary that stands at the beginning, in any order: its numbers, which axis comes first, its sizes. */
const members = {
  descr: /(['"])descr\1\s*:\s*(['"])([^'"]*)\2/,
  fortran: /(['"])fortran_order\1\s*:\s*(True|False)/,
  shape: /(['"])shape\1\s*:\s*\((\s*|\s*\d+\s*,\s*|\s*\d+(?:\s*,\s*\d+)+\s*,?\s*)\)/,
}

/** What the header of an array says, and where its numbers begin. */
export interface NpyHeader extends Omit<Npy, 'bytes'> {
  readonly fortran: boolean
  readonly begin: number
}

/** The most bytes before the numbers begin. */
export const longestBeginning: number = 12 + mostHeader

/** Reads an array. Strict: the header in NumPy's words, and as many bytes as it says. */
export const readNpy = (file: Uint8Array, name: string): Npy => {
  const { dtype, shape, fortran, begin } = readNpyHeader(file, file.length, name)
  const bytes = file.subarray(begin)
  return { dtype, shape, bytes: fortran && shape.length > 1 ? rowMajor(bytes, shape, layouts[dtype].bytes) : bytes }
}

/** The header of an array, from the beginning of its file, which has `size` bytes. */
export const readNpyHeader = (file: Uint8Array, size: number, name: string): NpyHeader => {
  const [header, begin] = headerOf(file, name)
  const { descr, fortran, shape } = membersOf(header, name)
  const [dtype] = Object.entries(descriptions).find(([, description]) => description === descr) ?? []
  if (!dtype) throw zipFault(name, `numbers of type ${Object.values(descriptions).join(', ')}`, `${descr} (in NumPy: x.astype(np.float32))`)
  const { bytes: width } = layouts[dtype as StoredType]
  if (sizeOf(shape) * width !== size - begin) throw zipFault(name, `${sizeOf(shape) * width} bytes for shape [${shape.join(', ')}] of ${descr}`, `${size - begin}`)
  return { dtype: dtype as StoredType, shape, fortran, begin }
}

const headerOf = (file: Uint8Array, name: string): [text: string, end: number] => {
  if (file.length < 12 || !magic.every((byte, i) => file[i] === byte)) throw zipFault(name, 'an array of NumPy', 'something else')
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const version = file[6]!
  if (![1, 2, 3].includes(version) || file[7] !== 0) throw zipFault(name, 'version 1.0, 2.0 or 3.0 of the npy format', `${version}.${file[7]!}`)
  const [begin, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  if (length > mostHeader || begin + length > file.length) throw zipFault(name, `a header within the file, of at most ${mostHeader} bytes`, `one of ${length}`)
  return [new TextDecoder('latin1').decode(file.subarray(begin, begin + length)), begin + length]
}

const membersOf = (header: string, name: string): { readonly descr: string; readonly fortran: boolean; readonly shape: number[] } => {
  const fault = (got: string): FormatError => zipFault(name, "a header like {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", got)
  const [, inside] = /^\{(.*)\}\s*$/s.exec(header) ?? []
  let rest = inside ?? header
  const [descr, fortran, sizes] = [members.descr, members.fortran, members.shape].map((pattern) => {
    const found = pattern.exec(rest)
    rest = rest.replace(pattern, '')
    return found?.at(-1)
  })
  if (inside === undefined || descr === undefined || fortran === undefined || sizes === undefined || !/^[\s,]*$/.test(rest)) throw fault(header.slice(0, 80))
  const shape = sizes.split(',').filter((size) => size.trim() !== '').map(Number)
  if (shape.length > mostDimensions || !shape.every(Number.isSafeInteger)) throw fault(`${shape.length} sizes, the largest ${Math.max(...shape)}`)
  return { descr, fortran: fortran === 'True', shape }
}

/** Fortran has the first axis lie closest together. */
const rowMajor = (bytes: Uint8Array, shape: readonly number[], width: number): Uint8Array => {
  const to = new Uint8Array(bytes.length)
  const stride = stridesOf(shape.toReversed()).reverse()
  let at = 0
  forEachPosition({ data: new Float32Array(0), shape, stride, offset: 0 }, (position) => {
    for (let i = 0; i < width; i++) to[at++] = bytes[position * width + i]!
  })
  return to
}

/**
 * Writes an array as NumPy does.
 * @throws `ValueError` if NumPy does not have its type.
 * @throws `ShapeError` if its numbers do not fill the shape.
 */
export const writeNpy = ({ name, dtype, shape, values }: TensorToStore): Uint8Array<ArrayBuffer> => {
  if (dtype === 'BF16') throw new ValueError({ where: name, expected: `numbers of type ${Object.keys(descriptions).join(', ')}`, got: dtype, fix: 'NumPy has no bfloat16; write F32.' })
  expectFilled(name, shape, values.length)
  const sizes = shape.length === 1 ? `${shape[0]!},` : shape.join(', ')
  const header = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`
  const begin = Math.ceil((10 + header.length + 1) / 64) * 64
  const { bytes: width, write } = layouts[dtype]
  const file = new Uint8Array(begin + values.length * width).fill(0x20, 10, begin - 1)
  const view = new DataView(file.buffer)
  file.set([...magic, 1, 0])
  view.setUint16(8, begin - 10, true)
  file.set(new TextEncoder().encode(header), 10)
  file[begin - 1] = 0x0a
  for (let i = 0; i < values.length; i++) write(view, begin + i * width, values[i]!)
  return file
}
