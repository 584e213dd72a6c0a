import { dense, embedding, named, Sequential, sequence, tokens, type Blueprint } from '@recurra/layers'
import { SizeLimit } from '@recurra/layers/authoring'
import { brainLstm, gruResetBefore, rnnRelu } from '@recurra/rnn'
import { isRecord, Random, type NamedTensor } from '@recurra/tensor'
import * as v from 'valibot'
import { FormatError } from '../../errors.ts'
import { loadParameters } from '../../parameters/load-parameters.ts'
import { parsed } from '../../parsed.ts'
import { expectNoGuesses } from '../import-options.ts'
import type { JsonImporter } from '../json-importer.ts'
import { unclear } from '../module.ts'

const size = v.pipe(v.number(), v.integer(), v.minValue(1))
const weights = v.union([v.array(v.number()), v.record(v.string(), v.number())])
const matrix = v.object({ rows: size, columns: size, weights })
const net = v.object({
  type: v.string(),
  input: v.optional(matrix),
  hiddenLayers: v.pipe(v.array(v.record(v.string(), matrix)), v.minLength(1)),
  outputConnector: matrix,
  output: matrix,
})

type Matrix = v.InferOutput<typeof matrix>

/** A gate: the matrices of its input and of its state, and its bias. */
type Gate = readonly [input: string, state: string, bias: string]

interface Kind {
  readonly make: (size: number, options: { readonly biases: 1 }) => unknown
  /** In the order of our gates. */
  readonly gates: readonly Gate[]
}

/**
 * The recurrences of brain.js: its RNN has relu, its GRU resets before the product, and its LSTM keeps no cell state.
 *
 * Source: src/recurrent/{rnn,gru,lstm}.ts of brain.js 2.0.0-beta.24.
 */
const kinds: { readonly [type: string]: Kind } = {
  RNN: { make: rnnRelu, gates: [['weight', 'transition', 'bias']] },
  GRU: {
    make: gruResetBefore,
    gates: ['resetGate', 'updateGate', 'cellWrite'].map((gate) =>
      [`${gate}InputMatrix`, `${gate}HiddenMatrix`, `${gate}Bias`]),
  },
  LSTM: {
    make: brainLstm,
    gates: ['input', 'forget', 'cellActivation', 'output'].map((gate) =>
      [`${gate}Matrix`, `${gate}Hidden`, `${gate}Bias`]),
  },
}

const kind = 'a network of brain.js'

/** The JSON of a recurrent network of brain.js, over symbols or over time steps. */
export const brainImporter: JsonImporter = {
  kind,
  recognizes: (json) => typeof json['type'] === 'string' && ('hiddenLayers' in json || 'sizes' in json),
  read(json, _, options) {
    expectNoGuesses(options, kind)
    const type = String(json['type'])
    const known = Object.keys(kinds).flatMap((one) => [one, `${one}TimeStep`])
    if (!known.includes(type)) throw unclear('', `a network of the types ${known.join(', ')}`, type)
    const { input, hiddenLayers, outputConnector, output } = parsed(net, json, {
      where: kind, writer: 'brain.js', error: FormatError,
    })
    if (type.endsWith('TimeStep') === (input !== undefined))
      throw unclear('', `a ${type} ${input ? 'without' : 'with'} a matrix input`, input ? 'one' : 'none')
    const { make, gates } = kinds[type.replace('TimeStep', '')]!
    const parts: [name: string, blueprint: Blueprint, tensors: NamedTensor[]][] = hiddenLayers.map((layer, i) => {
      const name = `hiddenLayers.${i}`
      const of = (part: 0 | 1 | 2): Matrix[] => gates.map((gate) => matrixIn(layer, gate[part], name))
      return [name, make(of(2)[0]!.rows, { biases: 1 }) as Blueprint, [
        sideBySide(`${name}.weight`, of(0)), sideBySide(`${name}.recurrentWeight`, of(1)),
        flat(sideBySide(`${name}.bias`, of(2))),
      ]]
    })
    if (input) parts.unshift(['input', embedding(input.columns) as Blueprint, [asIs('input.weight', input)]])
    parts.push(['output', dense(output.rows) as Blueprint, [
      sideBySide('output.weight', [outputConnector]), flat(sideBySide('output.bias', [output])),
    ]])
    const tensors = new Map(parts.flatMap(([, , all]) => all).map((tensor) => [tensor.name, tensor]))
    const features = matrixIn(hiddenLayers[0]!, gates[0]![0], 'hiddenLayers.0').columns
    const numbers = Object.values(json).flat().flatMap((one) => (isRecord(one) ? [one, ...Object.values(one)] : []))
    const model = new Sequential(
      input ? tokens(input.rows) : sequence(features), parts.map(([name, blueprint]) => named(name, blueprint)),
      {
        backend: options.backend, random: new Random(), uninitialized: true,
        sizeLimit: new SizeLimit(100 + countIn(numbers)),
      },
    )
    loadParameters(model, tensors)
    return model
  },
}

/** The number of weights in matrices. */
const countIn = (all: readonly unknown[]): number =>
  all.reduce<number>((sum, one) => {
    const weights = isRecord(one) ? one['weights'] : undefined
    return sum + (typeof weights === 'object' && weights !== null ? Object.keys(weights).length : 0)
  }, 0)

const matrixIn = (layer: Readonly<Record<string, Matrix>>, name: string, where: string): Matrix => {
  const found = Object.hasOwn(layer, name) ? layer[name] : undefined
  if (found) return found
  throw new FormatError({
    where: `${kind}, ${where}`, expected: `a matrix ${name}`, got: Object.keys(layer).join(', '),
    fix: 'The file is damaged, or its type is another one.',
  })
}

/** The values of a matrix, row by row; older versions wrote an object with numbers for names. */
const valuesOf = ({ rows, columns, weights }: Matrix, where: string): readonly number[] => {
  const values = Array.isArray(weights) ? weights : Object.values(weights)
  if (values.length === rows * columns) return values
  throw new FormatError({
    where: `${kind}, ${where}`, expected: `${rows * columns} weights`, got: `${values.length}`,
    fix: 'The file is damaged; write it again with JSON.stringify(net.toJSON()).',
  })
}

const asIs = (name: string, matrix: Matrix): NamedTensor => {
  const values = valuesOf(matrix, name)
  return { name, dtype: 'F64', shape: [matrix.rows, matrix.columns], read: () => values }
}

/** Matrices [units, features] of gates as one of ours, [features, gates · units]. */
const sideBySide = (name: string, matrices: readonly Matrix[]): NamedTensor => {
  const [{ rows, columns }] = matrices as [Matrix]
  const gates = matrices.map((matrix) => valuesOf(matrix, name))
  if (matrices.some((matrix) => matrix.rows !== rows || matrix.columns !== columns))
    throw unclear(name, `gates of the same size, ${rows} x ${columns}`, 'others')
  const width = rows * gates.length
  const read = (): Float64Array => Float64Array.from({ length: columns * width }, (_, i) => {
    const [feature, unit] = [Math.floor(i / width), i % width]
    return gates[Math.floor(unit / rows)]![(unit % rows) * columns + feature]!
  })
  return { name, dtype: 'F64', shape: [columns, width], read }
}

const flat = (tensor: NamedTensor): NamedTensor => ({ ...tensor, shape: tensor.shape.slice(1) })
