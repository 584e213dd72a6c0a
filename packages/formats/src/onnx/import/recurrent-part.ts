import { ValueError, type RecurraError } from '@recurra/tensor'
import type { GraphProto, NodeProto } from '../onnx_pb.ts'
import { OperatorAttributes } from './attributes.ts'
import { partFix } from './faults.ts'

/** Which input holds the weights of the input, and which of their axes counts its features. */
const weightsOf: { readonly [opType: string]: readonly [input: number, axis: number] } = {
  RNN: [1, 2], GRU: [1, 2], LSTM: [1, 2], DynamicQuantizeLSTM: [1, 1],
}

/**
 * The same error, with the recurrent layers of the graph as the part of it that can be imported; as it was where there
 * are none, nothing stands before them, or something else is to be done.
 */
export const withRecurrentPart = (
  error: RecurraError, { node, initializer, input: given }: GraphProto,
): RecurraError => {
  const recurrent = node.filter(({ opType }) => Object.hasOwn(weightsOf, opType))
  const [first, last] = [recurrent[0], recurrent.at(-1)]
  const [input, output] = [first?.input[0], last?.output[0]]
  if (error.fix !== partFix || !first || !input || !output || given.some(({ name }) => name === input)) return error
  const [weights, axis] = weightsOf[first.opType]!
  const shape = initializer.find(({ name }) => name === first.input[weights])?.dims.map(Number)
  const axes = `${axesOf(first)}, ${shape?.[axis] ?? "'features'"}`
  const part = `{ input: '${input}', output: '${output}', shapes: { '${input}': [${axes}] } }`
  const { where = '', expected, got } = error
  return new ValueError({
    where, expected, got,
    fix: `Import its recurrent layers alone, ${part}, or another part of the graph, or build the model yourself.`,
  })
}

const axesOf = (node: NodeProto): string =>
  new OperatorAttributes(node).integer('layout', 0) === 0 ? "'time', 'batch'" : "'batch', 'time'"
