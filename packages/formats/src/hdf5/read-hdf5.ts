// jsfive has no types, and every program that compiles this file needs them.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./jsfive.d.ts" />
import { Dataset, File, Group } from 'jsfive'
import { sizeOf, type NamedTensor } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { layouts, type StoredType } from '../safetensors/dtypes.ts'

/** An HDF5 file, as Keras uses it. */
export interface Hdf5 {
  /** Its datasets by their paths, `layers/lstm/cell/vars/0`, in alphabetical order within a group. */
  readonly tensors: ReadonlyMap<string, NamedTensor>
  /** The attributes of its groups by their paths; '' is the root. */
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

const most = { depth: 32, objects: 100_000 }

/** Types of numbers by the name that jsfive gives them, without their byte order. */
const types: { readonly [name: string]: StoredType } = {
  f2: 'F16', f4: 'F32', f8: 'F64', i1: 'I8', i2: 'I16', i4: 'I32', i8: 'I64', u1: 'U8', u2: 'U16', u4: 'U32', u8: 'U64',
}

/**
 * Reads an HDF5 file: all numbers, contiguous or in chunks, also packed by gzip and shuffle; half precision as float32.
 * The values of a dataset are read when they are asked for.
 * @throws `FormatError` if the file is damaged; the error names the group or the dataset.
 */
export const readHdf5 = (bytes: Uint8Array): Hdf5 => {
  const [tensors, attributes] = [new Map<string, NamedTensor>(), new Map<string, Readonly<Record<string, unknown>>>()]
  const { buffer: all, byteOffset, byteLength } = bytes
  const isWhole = all instanceof ArrayBuffer && byteOffset === 0 && byteLength === all.byteLength
  const buffer = isWhole ? all : bytes.slice().buffer // a file may be as large as memory: no copy without need
  let objects = 0
  const visit = (group: Group, path: string, depth: number): void => {
    if (depth > most.depth || (objects += group.keys.length) > most.objects)
      throw fault(path, `groups at most ${most.depth} deep, and at most ${most.objects} objects`, 'more')
    attributes.set(path, reading(path, () => ({ ...group.attrs })))
    for (const key of group.keys) {
      const at = path === '' ? key : `${path}/${key}`
      const found = reading(at, () => group.get(key))
      if (found instanceof Group) visit(found, at, depth + 1)
      else if (found instanceof Dataset) tensors.set(at, reading(at, () => tensorOf(at, found, buffer)))
      else throw fault(at, 'a group or a dataset', 'a link that leads nowhere')
    }
  }
  reading('', () => visit(new File(buffer, 'file'), '', 0))
  return { tensors, attributes }
}

const tensorOf = (name: string, dataset: Dataset, file: ArrayBuffer): NamedTensor => {
  const { shape, dtype } = dataset
  const [, code = ''] = typeof dtype === 'string' ? (/^[<>|=]?([fiu][1248])$/.exec(dtype) ?? []) : []
  const type = types[code]
  const room = 16 * file.byteLength + 2 ** 24
  if (!Array.isArray(shape) || shape.some((size) => !Number.isInteger(size) || size < 0))
    throw fault(name, 'a shape', String(shape))
  if (sizeOf(shape) * Number(code[1] ?? 1) > room)
    throw fault(name, `at most ${room} bytes, 16 times the file and 16 MiB`, `a shape of [${shape.join(', ')}]`)
  const chunks = dataset._dataobjects.chunks ?? []
  if (sizeOf(chunks) > 4 * sizeOf(shape) + 4096) // reading one takes a while
    throw fault(name, 'chunks that fit its shape', `[${chunks.join(', ')}] for [${shape.join(', ')}]`)
  return {
    name, shape, dtype: type ?? String(dtype),
    read() {
      if (!type) throw fault(name, `values of the types ${Object.values(types).join(', ')}`, String(dtype))
      const contiguous = reading(name, () => contiguousFloats(dataset, String(dtype), file))
      if (contiguous) return contiguous
      const value = reading(name, () => dataset.value)
      const values = (typeof value === 'object' ? value : [value]) as ArrayLike<number>
      if (values?.length !== sizeOf(shape)) throw fault(name, `${sizeOf(shape)} values`, String(values?.length))
      // jsfive leaves holes where nothing was ever written
      const whole = Array.from(values, (one: number | undefined) => one ?? dataset.fillvalue)
      const lost = code.endsWith('8') && code !== 'f8' ? whole.find((one) => !Number.isSafeInteger(one)) : undefined
      if (lost !== undefined) throw fault(name, 'integers within 2^53, which are exact', String(lost))
      return whole
    },
  }
}

const floats = { '<f2': ['F16', 2], '<f4': ['F32', 4], '<f8': ['F64', 8] } as const

/**
 * The values of a dataset that lie one after the other. jsfive makes a list of them, which from 2^25 values on takes
 * many times as much memory.
 */
const contiguousFloats = (
  { shape, _dataobjects: objects }: Dataset, dtype: string, file: ArrayBuffer,
): ArrayLike<number> | undefined => {
  const message = objects.find_msg_type(8)[0]?.get('offset_to_message') // the layout of the data
  if (!Object.hasOwn(floats, dtype) || message === undefined) return undefined
  const [type, width] = floats[dtype as keyof typeof floats]
  const [, , kind, place] = objects._get_data_message_properties(message)
  if (kind !== 1) return undefined
  const begin = new DataView(file).getBigUint64(place, true)
  const size = sizeOf(shape) * width
  if (begin + BigInt(size) > BigInt(file.byteLength)) return undefined // never written, or cut off
  return layouts[type].read(new Uint8Array(file, Number(begin), size)) as ArrayLike<number>
}

/** jsfive throws errors of all kinds, and texts, where a file is damaged or in a newer form. */
const reading = <T>(where: string, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw fault(where, 'a sound HDF5 file in the form that Keras writes', String((error as Error)?.message ?? error))
  }
}

const fault = (where: string, expected: string, got: string): FormatError =>
  new FormatError({
    where: `hdf5${where && `, ${where}`}`, expected, got,
    fix: "Get it again from where it came, or save it as Keras does: with h5py, without libver='latest'.",
  })
