import { describeShape, sizeOf, stridesOf, ValueError, type NamedTensor } from '@recurra/tensor'
import type { FormatError } from '../errors.ts'
import { bitsOf, swapped, type StoredType } from '../safetensors/dtypes.ts'
import { storedTensor } from '../safetensors/stored-tensor.ts'
import { writable } from '../safetensors/writable.ts'
import { pythonLiteral, type Literal } from './python-literal.ts'
import { rowMajor } from '../row-major.ts'
import { zipFault } from '../zip/zip-fault.ts'

/** The number types of NumPy; it has no bfloat16 and no 8-bit floats. */
const descriptions: { readonly [T in StoredType]?: string } = {
  F64: '<f8', F32: '<f4', F16: '<f2', C64: '<c8',
  I64: '<i8', I32: '<i4', I16: '<i2', I8: '|i1',
  U64: '<u8', U32: '<u4', U16: '<u2', U8: '|u1', BOOL: '|b1',
}
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const mostDimensions = 64
const mostHeader = 0xffff

/** The header of an array; an unsupported number type keeps its NumPy name. */
export interface NpyHeader extends Pick<NamedTensor, 'dtype' | 'shape'> {
  readonly fortran: boolean
  /** Whether the numbers are big-endian. */
  readonly bigEndian: boolean
  /** The offset of its values. */
  readonly begin: number
}

/** The maximum number of bytes before the values. */
export const longestBeginning: number = 12 + mostHeader

/** Reads an array. Strict: the header must be as NumPy writes it, and the size as the header states. */
export const readNpy = (file: Uint8Array, name: string): NamedTensor => {
  const { dtype, shape, fortran, bigEndian, begin } = readNpyHeader(file, file.length, name)
  const width = (bitsOf(dtype) ?? 0) / 8
  const given = file.subarray(begin)
  const bytes = bigEndian ? swapped(given, dtype === 'C64' ? 4 : width) : given
  const inOrder = fortran && shape.length > 1 && width > 0
    ? rowMajor({ bytes, width, shape, stride: columnMajor(shape), offset: 0 })
    : bytes
  return storedTensor({ name, dtype, shape }, () => inOrder)
}

/** In Fortran order, the first axis is contiguous. */
const columnMajor = (shape: readonly number[]): number[] => stridesOf(shape.toReversed()).reverse()

/** The header of an array, from the beginning of its file of `size` bytes. */
export const readNpyHeader = (file: Uint8Array, size: number, name: string): NpyHeader => {
  const { begin: textBegin, length } = headerPlace(file, size, name)
  const begin = textBegin + length
  // Only a structure of thousands of fields has a header this long; it is not supported, but must not make other arrays
  // unreadable.
  if (length > mostHeader)
    return { dtype: 'a structure', shape: [size - begin], fortran: false, bigEndian: false, begin }
  const header = new TextDecoder('latin1').decode(file.subarray(textBegin, begin))
  const { descr, fortran, shape } = membersOf(header, name)
  const { dtype, width, bigEndian } = typeOf(descr)
  if (width !== undefined && sizeOf(shape) * width !== size - begin)
    throw zipFault(
      'npz', name,
      `${sizeOf(shape) * width} bytes for shape ${describeShape(shape)} of ${String(descr)}`,
      `${size - begin}`,
    )
  return { dtype, shape, fortran, bigEndian, begin }
}

/**
 * The type of a description: `<f4`, `>f4`, or an unsupported one, such as `<U5` (a text), `|O` (objects) or a
 * structure.
 */
const typeOf = (descr: Literal): { readonly dtype: string; readonly width?: number; readonly bigEndian: boolean } => {
  const [, order = '', kind = ''] = typeof descr === 'string' ? (/^([<>=|]?)([a-z]\d+)$/.exec(descr) ?? []) : []
  const [dtype] = Object.entries(descriptions).find(([, description]) => description.slice(1) === kind) ?? []
  if (dtype !== undefined) return { dtype, width: bitsOf(dtype)! / 8, bigEndian: order === '>' }
  return { dtype: typeof descr === 'string' ? descr : 'a structure', bigEndian: false }
}

/** The position of the text of the header. */
const headerPlace = (
  file: Uint8Array,
  size: number,
  name: string,
): { readonly begin: number; readonly length: number } => {
  if (file.length < 12 || !magic.every((byte, i) => file[i] === byte))
    throw zipFault('npz', name, 'an array of NumPy', 'something else')
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const version = file[6]!
  if (![1, 2, 3].includes(version) || file[7] !== 0)
    throw zipFault('npz', name, 'version 1.0, 2.0 or 3.0 of the npy format', `${version}.${file[7]!}`)
  const [begin, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)]
  if (begin + length > size) throw zipFault('npz', name, 'a header within the file', `one of ${length} bytes`)
  return { begin, length }
}

const membersOf = (
  header: string,
  name: string,
): { readonly descr: Literal; readonly fortran: boolean; readonly shape: readonly number[] } => {
  const fault = (got: string): FormatError =>
    zipFault('npz', name, "a header like {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", got)
  const members = pythonLiteral(header)
  if (!(members instanceof Map) || members.size !== 3) throw fault(header.slice(0, 80))
  const [descr, fortran, shape] = ['descr', 'fortran_order', 'shape'].map(
    (key) => members.get(key) as Literal | undefined,
  )
  const known = (typeof descr === 'string' && descr.length <= 64) || Array.isArray(descr)
  if (!known || typeof fortran !== 'boolean' || !Array.isArray(shape)) throw fault(header.slice(0, 80))
  if (shape.length > mostDimensions || !shape.every(Number.isSafeInteger))
    throw fault(`${shape.length} sizes, the largest ${Math.max(...shape)}`)
  return { descr, fortran, shape: shape as readonly number[] }
}

/**
 * Writes an array as NumPy does.
 * @throws `ValueError` if NumPy lacks its type, or a value would change.
 * @throws `ShapeError` if its values do not fill the shape.
 */
export const writeNpy = (tensor: NamedTensor): Uint8Array<ArrayBuffer> => {
  const { name, dtype, shape } = tensor
  const description = Object.hasOwn(descriptions, dtype) ? descriptions[dtype as StoredType] : undefined
  if (description === undefined)
    throw new ValueError({
      where: name,
      expected: `numbers of type ${Object.keys(descriptions).join(', ')}`,
      got: dtype,
      fix: `NumPy has no ${dtype === 'BF16' ? 'bfloat16' : dtype}; write F32.`,
    })
  const { bytes, write } = writable(tensor)
  const sizes = shape.length === 1 ? `${shape[0]!},` : shape.join(', ')
  const header = `{'descr': '${description}', 'fortran_order': False, 'shape': (${sizes}), }`
  const begin = Math.ceil((10 + header.length + 1) / 64) * 64
  const file = new Uint8Array(begin + bytes).fill(0x20, 10, begin - 1)
  file.set([...magic, 1, 0])
  new DataView(file.buffer).setUint16(8, begin - 10, true)
  file.set(new TextEncoder().encode(header), 10)
  file[begin - 1] = 0x0a
  file.set(write(), begin)
  return file
}
