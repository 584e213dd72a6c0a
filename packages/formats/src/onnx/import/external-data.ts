import type { ByteSource } from '../../byte-source.ts'
import { FormatError } from '../../errors.ts'
import { fileAt, leavesFolder } from '../../import/file-at.ts'
import type { AttributeProto, GraphProto, TensorProto } from '../onnx_pb.ts'
import { parseOnnx } from './parse-onnx.ts'

const external = 1

/** Whether the data of a tensor are in another file. */
export const isExternal = ({ dataLocation }: TensorProto): boolean => dataLocation === external

/** The files beside an ONNX file, by name, and the bytes of a tensor in them. */
export interface ExternalData {
  /** The number of bytes of all files. */
  readonly size: number
  /**
   * The bytes of a tensor; no others are read.
   * @throws `FormatError` if its file is missing, too short, or outside the folder; or if there are more or fewer bytes
   * than the tensor has.
   */
  readonly bytesOf: (tensor: TensorProto, count: number) => Uint8Array
}

/** Reads the data of tensors from files by name. */
export const externalData = (files: ReadonlyMap<string, ByteSource>): ExternalData => ({
  size: [...files.values()].reduce((sum, { size }) => sum + size, 0),
  bytesOf(tensor, count) {
    const where = `ONNX tensor '${tensor.name}'`
    const damaged = (expected: string, got: string): FormatError =>
      new FormatError({ where, expected, got, fix: 'The file is damaged, or belongs to other weights.' })
    const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]))
    const integerAt = (key: string, fallback: number): number => {
      const text = entries.get(key)
      if (text === undefined) return fallback
      const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN
      if (Number.isSafeInteger(value)) return value
      throw damaged(`an integer as ${key} of its data`, text.slice(0, 40))
    }
    const file = fileAt(locationOf(entries.get('location'), damaged), files, where, 'model.onnx')
    const offset = integerAt('offset', 0)
    const length = integerAt('length', file.size - offset)
    if (length !== count) throw damaged(`${count} bytes`, String(length))
    if (offset + length > file.size)
      throw damaged(`a file of at least ${offset + length} bytes, ${entries.get('location')}`, String(file.size))
    return file.bytes(offset, offset + length)
  },
})

/** A path within the folder of the file. */
const locationOf = (location = '', damaged: (expected: string, got: string) => FormatError): string => {
  const path = location.replace(/^(\.\/)+/, '')
  if (path !== '' && !leavesFolder(path)) return path
  throw damaged('the location of its data, a path within the folder of the file', JSON.stringify(location.slice(0, 80)))
}

/**
 * The files that the tensors of an ONNX file, and of the graphs within its graph, lie in.
 * @throws `FormatError` if it is damaged.
 */
export const externalLocations = (bytes: Uint8Array): Set<string> => {
  const found = new Set<string>()
  const note = (tensor: TensorProto): void => {
    const location = isExternal(tensor) ? tensor.externalData.find(({ key }) => key === 'location') : undefined
    if (location) found.add(location.value)
  }
  const visit = ({ initializer, node }: GraphProto): void => {
    initializer.forEach(note)
    for (const { t, g } of node.flatMap(({ attribute }): AttributeProto[] => attribute)) {
      if (t) note(t)
      if (g) visit(g)
    }
  }
  visit(parseOnnx(bytes).graph)
  return found
}
