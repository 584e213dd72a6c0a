import { readdirSync, readFileSync } from 'node:fs'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { Random } from '@recurra/tensor'
import {
  ModelProtoSchema, type AttributeProto, type GraphProto,
} from '../../packages/formats/src/onnx/onnx_pb.ts'

const folder = new URL('../golden/onnx/', import.meta.url)
/** Graphs that PyTorch wrote. */
const graphs = readdirSync(folder).filter((name) => name.endsWith('.onnx'))
  .map((name) => readFileSync(new URL(name, folder)))

const operators = [
  'Concat', 'Gather', 'Slice', 'Transpose', 'Expand', 'Range', 'ConstantOfShape', 'If', 'Where', 'Add', 'Mul',
  'Reshape', 'Squeeze', 'Unsqueeze', 'MatMul', 'Gemm', 'Conv', 'MaxPool', 'LSTM', 'GRU', 'RNN', 'Softmax', 'ReduceMean',
  'Pad', 'OneHot', 'DequantizeLinear', 'MatMulInteger', 'Cast', 'Equal', 'Shape', 'BatchNormalization',
  'LayerNormalization',
  'Pow', 'Clip', 'Identity', 'NoSuchOperator', 'Div', 'GatherND', 'Flatten', 'PRelu',
]
const numbers = [0n, 1n, -1n, 2n, 3n, 7n, 100n, 65_536n, 2n ** 31n, 2n ** 63n - 1n, -(2n ** 63n)]

/** A graph as it should be. */
export const soundGraph: Uint8Array = readFileSync(new URL('classifier.onnx', folder))

/** One of the graphs with a few fields changed so that it is still a message: names, operators, sizes, attributes. */
export const withDamagedGraph = (random: Random): Uint8Array => {
  const pick = <T>(all: readonly T[]): T => all[random.integer(all.length)]!
  const model = fromBinary(ModelProtoSchema, pick(graphs))
  const graph = model.graph!
  const inputs = [...graph.input, ...graph.initializer].map(({ name }) => name)
  const names = [...inputs, ...graph.node.flatMap(({ output }) => output)]
  for (let changes = 1 + random.integer(4); changes > 0; changes--) pick(changesOf(graph, names, random))()
  return toBinary(ModelProtoSchema, model)
}

const changesOf = (graph: GraphProto, names: readonly string[], random: Random): (() => void)[] => {
  const pick = <T>(all: readonly T[]): T => all[random.integer(all.length)]!
  const node = pick(graph.node)
  const tensor = random.integer(2) ? pick(graph.initializer) : node.attribute.find(({ t }) => t)?.t
  const attribute = node.attribute[random.integer(node.attribute.length || 1)] as AttributeProto | undefined
  return [
    () => void (node.opType = pick(operators)),
    () => void (node.input[random.integer(node.input.length + 1)] = pick(names)),
    () => void (node.input[random.integer(node.input.length || 1)] = ''),
    () => void node.input.pop(),
    () => void node.output.reverse(),
    () => void graph.node.splice(random.integer(graph.node.length), 1),
    () => void (tensor && (tensor.dims[random.integer(tensor.dims.length || 1)] = pick(numbers))),
    () => void tensor?.dims.push(pick(numbers)),
    () => void (tensor && (tensor.dataType = random.integer(20))),
    () => void (tensor && (tensor.rawData = Uint8Array.from(tensor.rawData, () => random.integer(256)))),
    () => void (attribute && (attribute.i = pick(numbers))),
    () => void (attribute && (attribute.ints = attribute.ints.map(() => pick(numbers)))),
    () => void (attribute && (attribute.name = pick(['axis', 'axes', 'perm', 'group', 'layout', 'pads', 'to']))),
    () => void (graph.output[0]!.name = pick(names)),
  ]
}
