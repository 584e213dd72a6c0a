import { create, toBinary } from '@bufbuild/protobuf'
import { Sequential, type Layer } from '@recurra/layers'
import { Bidirectional, expectReadable } from '@recurra/rnn/authoring'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { formatOf } from '../layers/layer-formats.ts'
import { Graph } from './graph.ts'
import { ModelProtoSchema } from './onnx_pb.ts'
import type { Translated, Translation, ValueName } from './translation.ts'

/** Options of `exportOnnx`. */
export interface OnnxOptions {
  /**
   * Whether the lengths of the sequences are an input, `lengths` [batch], int32; a sequence of length 0 keeps its
   * state. Default: false; all sequences have full length.
   */
  readonly lengths?: boolean
  /**
   * Whether states are inputs and outputs, `0.h` and `0.h.next` [directions, batch, units], so that the model can run
   * step by step. Default: false; states start at zero and are not returned.
   */
  readonly states?: boolean
  /**
   * Whether the graph ends with a softmax over the features, for a model trained with softmax cross-entropy. Default:
   * false.
   */
  readonly softmax?: boolean
  /** The name of the graph. Default: `recurra`. */
  readonly name?: string
}

/**
 * A model as an ONNX file (operator set 17, float32), for other runtimes. Its input is `x`, batch-first: features
 * [batch, time, features] or [batch, features] in float32, or tokens [batch, time] in int64; its output is `y`. Batch
 * and time are dynamic axes.
 *
 * The file of a quantized model keeps the int8 weights, and is about a quarter of the size. Runtimes multiply the
 * weights by their scales and compute in float32: unlike the products of `quantize`, theirs do not round the input.
 *
 * ```ts
 * import { dense, embedding, gru, sequential, tokens } from 'recurra'
 * import { exportOnnx } from 'recurra/onnx'
 *
 * const model = sequential(tokens(65), [embedding(16), gru(32), dense(65)])
 * const file = exportOnnx(model, { softmax: true })
 * console.log(file.length > 4 * 3 * 32 * (16 + 32)) // true
 * ```
 * @throws `ConfigurationError` if ONNX has no operator for a layer, or an option is invalid; the error names it. Also
 * if the model is on an asynchronous backend: `copyTo` copies it to another.
 * @throws `ValueError` if a number of a float64 model is too large for the float32 of the file.
 */
export const exportOnnx = (model: Sequential, given: OnnxOptions = {}): Uint8Array => {
  const { lengths, states, softmax, name } = options('exportOnnx', given, {
    lengths: option.flag(false), states: option.flag(false), softmax: option.flag(false), name: option.text('recurra'),
  })
  if (!(model instanceof Sequential))
    throw refused('a model made by sequential', String((model as { type?: unknown }).type), 'Export its parts.')
  expectReadable(model)
  const graph = new Graph()
  const isVector = model.in.kind === 'vector'
  if (lengths && isVector)
    throw refused(
      'a model that reads sequences, for lengths', 'one that reads a vector', 'Leave out { lengths: true }.',
    )
  const x = inputOf(graph, model)
  const among = lengths
    ? graph.input('lengths', 'int32', ['batch'], 'How many steps each sequence has; what lies beyond is padding.')
    : undefined
  let y = translateAll(model, x, '', { graph, lengths: among, carried: states })
  if (softmax) y = graph.node('Softmax', [y], { axis: -1 })
  outputOf(graph, model, y)
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'recurra',
    opsetImport: [{ domain: '', version: 17n }],
    graph: graph.toProto(name),
  }))
}

/** The graph is time-major inside, so that layers need not transpose. */
const inputOf = (graph: Graph, { in: { kind, size } }: Sequential): ValueName => {
  if (kind === 'vector') return graph.input('x', 'float', ['batch', size], 'Features.')
  const x = kind === 'tokens'
    ? graph.input('x', 'int64', ['batch', 'time'], `Tokens from 0 to ${size - 1}.`)
    : graph.input('x', 'float', ['batch', 'time', size], 'Features at every step.')
  return graph.node('Transpose', [x], { perm: kind === 'tokens' ? [1, 0] : [1, 0, 2] })
}

const outputOf = (graph: Graph, { out: { kind, size } }: Sequential, y: ValueName): void => {
  if (kind === 'vector') return graph.output('y', y, ['batch', size], 'What the last layer gives.')
  const turned = graph.node('Transpose', [y], { perm: [1, 0, 2] })
  graph.output('y', turned, ['batch', 'time', size], 'What the last layer gives at every step.')
}

const translateAll = (
  model: Sequential,
  x: ValueName,
  within: string,
  context: { graph: Graph; lengths: ValueName | undefined; carried: boolean },
): ValueName => {
  let lengths = context.lengths
  return model.layers.reduce((flow, layer, i) => {
    const path = within + model.names[i]!
    if (layer instanceof Sequential) return translateAll(layer, flow, `${path}.`, { ...context, lengths })
    const inner = (one: Layer): Translation => translationFor(one, `${layer.type} (layer ${path})`)
    const here = { ...context, lengths }
    const sequence: Translated['sequence'] = (layers, from, inside, context = {}) =>
      translateAll(layers, from, inside, { ...here, ...context })
    const to = { ...here, layer, blueprint: model.blueprints[i]!, path, inner, sequence }
    const y = inner(layer)(flow, to)
    const derive = formatOf(layer)?.onnxLengths
    if (lengths && derive) lengths = derive(lengths, to)
    return y
  }, x)
}

const translationFor = (layer: Layer, called: string): Translation => {
  const onnx = formatOf(layer)?.onnx
  const alike = !(layer instanceof Bidirectional) || layer.forward.type === layer.backward.type
  if (onnx && alike) return onnx
  throw refused(
    'layers that ONNX has operators for',
    alike ? called : `${called} with two kinds of layers`,
    'Run this model with Recurra, or build it from rnn, lstm, gru and the other common layers.',
  )
}

const refused = (expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: 'exportOnnx', expected, got, fix })
