import { commonBackend, backendOption, type Backend } from '@recurra/backend'
import type { Sequential } from '@recurra/layers'
import { option, options, RecurraError, ValueError } from '@recurra/tensor'
import type { GraphProto, ValueInfoProto } from '../onnx_pb.ts'
import type { FilesByName } from '../../import/importer.ts'
import { sourcesByName } from '../../import/sources-by-name.ts'
import { skipOptions } from '../../parameters/skipped.ts'
import { assemble } from './assemble.ts'
import { constant } from './fold/elements.ts'
import { evaluate, Scope } from './evaluate.ts'
import { externalData } from './external-data.ts'
import { attempt, damaged, passShape, unsupported } from './faults.ts'
import { graphOptions, type GraphOptions } from './graph-options.ts'
import { parseOnnx } from './parse-onnx.ts'
import { withRecurrentPart } from './recurrent-part.ts'
import { Axis, type Dim, type Flow, type Value } from './values.ts'

/** Options of `importOnnx`. */
export interface OnnxImportOptions extends GraphOptions {
  /** The backend that runs the model. Default: the fastest of this machine. */
  readonly backend?: Backend
  /** The files beside it that hold its weights, by name. Default: all weights are in the file itself. */
  readonly files?: FilesByName
  /** Called with a message about each output that is not imported. Default: a warning on the console. */
  readonly onWarning?: (message: string) => void
}

/**
 * The model of an ONNX file: layers with their weights, which can be trained, quantized and saved like any other.
 * Operators that prepare weights and shapes are computed at import; those around layers, such as Transpose, leave no
 * trace, since input and output of a model are batch-first. States that are inputs and outputs of the graph are kept by
 * a stream. `importModel` reads such files, too.
 *
 * ```ts
 * import { dense, gru, sequential } from 'recurra'
 * import { exportOnnx, importOnnx } from 'recurra/onnx'
 *
 * const model = importOnnx(exportOnnx(sequential(4, [gru(8), dense(2)])))
 * console.log(model.layers.map(({ type }) => type).join(' ')) // gru dense
 * ```
 * @throws `FormatError` if the file is damaged, or its weights lie in another file, which is missing or too short.
 * @throws `ValueError` if the graph has something that Recurra lacks; the error names the node; or an option names
 * nothing in it.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const importOnnx = (bytes: Uint8Array, given: OnnxImportOptions = {}): Sequential => {
  const checked = options('importOnnx', given, {
    ...graphOptions, backend: backendOption, onWarning: skipOptions.onWarning, files: option.unchecked<FilesByName>()(),
  })
  const { inputs = {}, shapes = {}, output, input, backend = commonBackend(), onWarning, files = {} } = checked
  const external = externalData(sourcesByName(files, 'importOnnx, files'))
  const { graph, opset } = parseOnnx(bytes)
  const scope = new Scope()
  expectNames(Object.keys({ ...inputs, ...shapes }), graph, input)
  const initialized = new Set(graph.initializer.map(({ name }) => name))
  const known = knownSizes(graph, shapes)
  for (const info of graph.input)
    if (!initialized.has(info.name)) scope.set(info.name, inputValue(info, inputs[info.name], shapes[info.name], known))
  let left = 1e6 + 16 * (bytes.length + external.size)
  let wanted: Value | undefined
  evaluate(graph, scope, {
    opset,
    external,
    seen(name, value) {
      const own = name === input ? partInput(name, value, shapes[name]) : value
      if (name === output) wanted = own
      return own
    },
    reserve(elements, where) {
      left -= elements
      if (left >= 0) return
      throw unsupported(where, 'constants that are not much larger than the file', 'more', damaged)
    },
  })
  if (output === undefined) warnOfOthers(graph, scope, onWarning)
  try {
    const chosen = chosenOutput(graph, scope, output, wanted)
    if (input !== undefined) expectBehind(chosen, input)
    return assemble(chosen, backend)
  } catch (error) {
    throw error instanceof RecurraError && input === undefined ? withRecurrentPart(error, graph) : error
  }
}

const expectNames = (names: readonly string[], graph: GraphProto, input: string | undefined): void => {
  const known = [...graph.input.map(({ name }) => name), ...(input === undefined ? [] : [input])]
  const strange = names.find((name) => !known.includes(name))
  if (strange === undefined) return
  throw new ValueError({
    where: 'importOnnx', expected: `an input among ${known.join(', ')}`, got: strange, fix: 'Mind the spelling.',
  })
}

/** Else it would be an output of the whole graph that is imported, in place of one of the part. */
const expectBehind = ({ node }: Flow, input: string): void => {
  let at = node
  while (at.type !== 'input') at = at.from
  if (at.name === input) return
  throw new ValueError({
    where: `importOnnx, input ${input}`, expected: 'a value in the graph on which the output depends',
    got: `an output that depends on ${at.name}`, fix: 'Mind the spelling, or choose an output behind it.',
  })
}

const integers: readonly number[] = [2, 3, 4, 5, 6, 7, 12, 13]

/** The sizes of axes that a graph names, where a given shape has a number in their place. */
const knownSizes = (
  { input }: GraphProto, shapes: NonNullable<GraphOptions['shapes']>,
): ReadonlyMap<string, number> => new Map(input.flatMap(({ name, type }) =>
  (type?.tensorType?.shape?.dim ?? []).flatMap(({ value }, i) => {
    const size = shapes[name]?.[i]
    return value.case === 'dimParam' && typeof size === 'number' ? [[value.value, size] as const] : []
  })))

const inputValue = (
  { name, type }: ValueInfoProto, value: number | readonly number[] | undefined, shape: readonly Dim[] | undefined,
  known: ReadonlyMap<string, number>,
): Value => {
  if (typeof value === 'number') return constant([], [value])
  if (value) return constant([value.length], value)
  const { elemType = 1, shape: declared } = type?.tensorType ?? {}
  const dims = shape ?? declared?.dim.map(({ value: { case: kind, value: size } }, i): Dim => {
    if (kind === 'dimValue' && size > 0n) return Number(size)
    return kind === 'dimParam' && size !== '' ? (known.get(size) ?? size) : `${name}.${i}`
  })
  if (!dims) throw unsupported(`input ${name}`, 'an input with axes', 'one of any shape', passShape)
  const axes = declared?.dim.length ?? dims.length
  if (dims.length !== axes) throw unsupported(`input ${name}`, `${axes} axes`, `a shape of ${dims.length}`, passShape)
  return inputOf(name, dims, integers.includes(elemType))
}

const inputOf = (name: string, dims: readonly Dim[], tokens: boolean): Value => {
  if (tokens && dims.length === 1 && /len/i.test(name)) return { kind: 'mask' }
  const axes = dims.map((size) => new Axis(size))
  return { kind: 'flow', axes, node: { type: 'input', name, axes, tokens, size: undefined } }
}

/** A value within the graph as the input: it has the shape that is computed, or given. */
const partInput = (name: string, value: Value, shape: readonly Dim[] | undefined): Value => {
  if (shape) return inputOf(name, shape, false)
  if (value.kind === 'flow') return inputOf(name, value.axes.map(({ size }) => size), false)
  return attempt(() => {
    throw unsupported(`value ${name}`, 'a shape', 'none', `Pass it: { shapes: { '${name}': ['batch', 'time', 64] } }.`)
  })
}

/** Outputs that are not states, beside the first one. */
const warnOfOthers = (graph: GraphProto, scope: Scope, onWarning: (message: string) => void): void => {
  const [, ...others] = graph.output.map(({ name }) => name).filter((name) => scope.get(name)?.kind === 'flow')
  if (others.length === 0) return
  onWarning(`importOnnx: outputs were left out: ${others.join(', ')}. Import them with { output: '${others[0]}' }.`)
}

/** The output that is asked for, or the first one that is not a state. */
const chosenOutput = (
  graph: GraphProto, scope: Scope, output: string | undefined, wanted: Value | undefined,
): Flow => {
  const values = output === undefined ? graph.output.map(({ name }) => scope.get(name)) : [wanted]
  const value = values.find((one) => one && one.kind !== 'state' && one.kind !== 'final' && one.kind !== 'mask') ??
    values.find((one) => one?.kind === 'final')
  if (value?.kind === 'failed') throw value.error
  if (value?.kind === 'flow') return value
  if (value?.kind === 'final' && value.directions.length === 1) return value.directions[0]!
  throw unsupported(
    output === undefined ? '' : `output ${output}`, 'an output of layers',
    value ? 'a constant, or several states' : 'none',
    `Name one: { output: '${graph.output[0]?.name}' }, or any value in the graph.`,
  )
}
