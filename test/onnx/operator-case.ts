import { create, toBinary } from '@bufbuild/protobuf'
import { Random, sizeOf } from '@recurra/tensor'
import { Graph, type Attributes } from '../../packages/formats/src/onnx/graph.ts'
import { ModelProtoSchema } from '../../packages/formats/src/onnx/onnx_pb.ts'

/** A graph of a few operators over x [batch, time, features], or [time, batch, features] if it says so. */
export interface OperatorCase {
  readonly name: string
  readonly file: Uint8Array
  /** Time-major or batch-first. */
  readonly x: { readonly shape: readonly number[]; readonly timeMajor: boolean; readonly values: readonly number[] }
  /** How far outputs may differ: int8 runtimes round activations, too. Default: 1e-5. */
  readonly tolerance?: number
}

/** The sizes of all cases. */
export const [batch, time, features, units] = [2, 4, 3, 2] as const
const contrib = 'com.microsoft'

/** Builds a graph around operators: `build` returns the name of the output, of the rank that is asked for. */
export const of = (
  name: string, build: (graph: Graph, x: string, draw: (label: string, shape: readonly number[]) => string) => string,
  { timeMajor = false, width = features, steps = time, open = false, tolerance }: {
    readonly timeMajor?: boolean; readonly width?: number; readonly steps?: number
    /** Whether the graph names the number of steps. Default: false, it is a number. */
    readonly open?: boolean; readonly tolerance?: number
  } = {},
): OperatorCase => {
  const random = new Random(name.length)
  const graph = new Graph()
  const numbers = (size: number): number[] => Array.from({ length: size }, () => Math.fround(random.normal() / 2))
  const shape = timeMajor ? [steps, batch, width] : [batch, steps, width]
  const named = open ? 'time' : steps
  const x = graph.input('x', 'float', timeMajor ? [named, 'batch', width] : ['batch', named, width], '')
  const y = build(graph, x, (label, sizes) => graph.floats(label, sizes, numbers(sizeOf(sizes))))
  graph.output('y', y, [], '')
  const proto = graph.toProto('g')
  for (const node of proto.node) if (node.opType === 'DynamicQuantizeLSTM') node.domain = contrib
  proto.output[0]!.type!.tensorType!.shape = undefined
  const file = toBinary(ModelProtoSchema, create(ModelProtoSchema, {
    irVersion: 8n, opsetImport: [{ domain: '', version: 17n }, { domain: contrib, version: 1n }], graph: proto,
  }))
  const given = { shape, timeMajor, values: numbers(sizeOf(shape)) }
  return { name, file, x: given, ...(tolerance !== undefined && { tolerance }) }
}

/** What a recurrent operator has besides its attributes. */
interface RecurrentParts {
  readonly peepholes?: boolean
  readonly directions?: number
  /** Makes its initial states. */
  readonly starts?: (graph: Graph, x: string) => readonly string[]
}

/** A recurrent operator, whose directions become features. */
export const recurrent = (
  operator: 'RNN' | 'GRU' | 'LSTM', attributes: Attributes = {},
  { peepholes = false, directions = 1, starts = () => [] }: RecurrentParts = {},
): Parameters<typeof of>[1] => (graph, x, draw) => {
  const height = { RNN: 1, GRU: 3, LSTM: 4 }[operator] * units
  const [h = '', c = ''] = starts(graph, x)
  const inputs = [
    x, draw('W', [directions, height, features]), draw('R', [directions, height, units]),
    draw('B', [directions, 2 * height]),
    ...(h || c || peepholes ? ['', h, ...(c || peepholes ? [c] : [])] : []),
    ...(peepholes ? [draw('P', [directions, 3 * units])] : []),
  ]
  const [y] = graph.nodeOf(operator, inputs, 1, { hidden_size: units, ...attributes })
  return graph.node('Reshape', [graph.node('Transpose', [y!], { perm: [0, 2, 1, 3] }), graph.integers([3], [0, 0, -1])])
}

/** A GRU, and a score for each of its steps. */
export const scored: (...given: Parameters<Parameters<typeof of>[1]>) => readonly [steps: string, scores: string] =
  (graph, x, draw) => {
    const steps = recurrent('GRU', { linear_before_reset: 1 })(graph, x, draw)
    const hidden = graph.node('Tanh', [graph.node('MatMul', [steps, draw('U', [units, 5])])])
    return [steps, graph.node('MatMul', [hidden, draw('v', [5, 1])])]
  }
