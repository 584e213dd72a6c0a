import { describeShape, expectHeld, sizeOf } from '@recurra/tensor'
import { FormatError } from '../../errors.ts'
import { layouts, type StoredType } from '../../safetensors/dtypes.ts'
import type { TensorProto } from '../onnx_pb.ts'
import { isExternal, type ExternalData } from './external-data.ts'
import type { Constant } from './values.ts'

/** The element types that are read, by their codes, and the field that holds them if it is not `raw_data`. */
const types: { readonly [code: number]: readonly [type: StoredType, field: Field] } = {
  1: ['F32', 'floatData'], 2: ['U8', 'int32Data'], 3: ['I8', 'int32Data'], 4: ['U16', 'int32Data'],
  5: ['I16', 'int32Data'], 6: ['I32', 'int32Data'], 7: ['I64', 'int64Data'], 9: ['BOOL', 'int32Data'],
  10: ['F16', 'int32Data'], 11: ['F64', 'doubleData'], 12: ['U32', 'uint64Data'], 13: ['U64', 'uint64Data'],
  16: ['BF16', 'int32Data'],
}
type Field = 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data'

/**
 * The numbers of a tensor. Integers of 64 bits become numbers: those in a graph are axes and sizes.
 * @throws `FormatError` if its size is not that of its data, its data are of a type that cannot be read, or in a file
 * that is missing.
 * @throws `ValueError` if a double would become infinite: graphs are computed in float32.
 */
export const tensorOf = (tensor: TensorProto, external: ExternalData): Constant => {
  const damaged = (expected: string, got: string, fix = 'The file is damaged.'): FormatError =>
    new FormatError({ where: `ONNX tensor '${tensor.name}'`, expected, got, fix })
  const [type, field] = types[tensor.dataType] ?? []
  if (!type || !field)
    throw damaged(
      'numbers in floating point or integers', `elements of type ${tensor.dataType}`,
      'Texts, complex numbers and 8-bit floats are not read.',
    )
  const shape = tensor.dims.map(Number)
  const size = sizeOf(shape)
  if (shape.some((each) => each < 0) || !Number.isSafeInteger(size))
    throw damaged('sizes of at least 0', describeShape(shape))
  const { bytes, read } = layouts[type]
  const plain = (values: ArrayLike<number> | ArrayLike<bigint>): ArrayLike<number> =>
    plainNumbers(values, `ONNX tensor '${tensor.name}'`)
  if (isExternal(tensor))
    return { kind: 'constant', shape, values: plain(read(external.bytesOf(tensor, size * bytes))) }
  const isRaw = tensor.rawData.length > 0 || size === 0
  const found = isRaw ? tensor.rawData.length / bytes : tensor[field].length
  if (found !== size) throw damaged(`${size} elements for ${describeShape(shape)}`, String(found))
  if (isRaw) return { kind: 'constant', shape, values: plain(read(tensor.rawData)) }
  const codes = tensor[field]
  if (type === 'F16' || type === 'BF16')
    return { kind: 'constant', shape, values: plain(read(new Uint8Array(Uint16Array.from(codes, Number).buffer))) }
  const isFloat = type === 'F32' || type === 'F64'
  const values = Array.from<number | bigint, number>(codes, Number)
  return { kind: 'constant', shape, values: isFloat ? plain(Float64Array.from(values)) : values }
}

/** Axes and sizes are plain numbers, those of 64 bits, too. */
const plainNumbers = (values: ArrayLike<number> | ArrayLike<bigint>, where: string): ArrayLike<number> => {
  if (values instanceof Float64Array) {
    expectHeld(values, 'float32', where)
    return Float32Array.from(values)
  }
  return typeof values[0] === 'bigint' ? Array.from(values as ArrayLike<bigint>, Number) : (values as ArrayLike<number>)
}
