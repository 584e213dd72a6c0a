import { fromBinary } from '@bufbuild/protobuf'
import { FormatError } from '../../errors.ts'
import { ModelProtoSchema, type GraphProto } from '../onnx_pb.ts'

/** A graph, and the version of the operators that it is written in. */
export interface OnnxGraph {
  readonly graph: GraphProto
  readonly opset: number
}

/** The operators of a version mean the same in all later ones up to this one, as far as they are read here. */
const known = { least: 7, most: 25 } as const

/**
 * The graph of an ONNX file.
 * @throws `FormatError` if the file is damaged, has no graph, or is written in a version of ONNX that is too old or too
 * new.
 */
export const parseOnnx = (bytes: Uint8Array): OnnxGraph => {
  const { graph, opsetImport } = parsed(bytes)
  const version = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version
  if (!graph || graph.node.length === 0 || version === undefined)
    throw damaged('a graph of operators', graph ? 'no operators' : 'none', 'Is it an ONNX model at all?')
  const opset = Number(version)
  if (opset < known.least || opset > known.most)
    throw damaged(
      `operators of version ${known.least} to ${known.most}`, String(opset),
      'In Python: onnx.version_converter.convert_version(model, 17).',
    )
  return { graph, opset }
}

const parsed = (bytes: Uint8Array): ReturnType<typeof fromBinary<typeof ModelProtoSchema>> => {
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false })
  } catch (error) {
    throw damaged('a message of Protocol Buffers', error instanceof Error ? error.message : String(error))
  }
}

const damaged = (expected: string, got: string, fix = 'The file is damaged, or not an ONNX model.'): FormatError =>
  new FormatError({ where: 'importOnnx', expected, got, fix })
