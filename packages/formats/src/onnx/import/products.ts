import { dense, embedding, oneHot } from '@recurra/layers'
import { productWithWeights } from './attention-pools.ts'
import { expectFeaturesAt, featuresAxis, withAxis } from './axes.ts'
import { unsupported } from './faults.ts'
import { stepByStep } from './flattened.ts'
import { oneFeature } from './formulas.ts'
import { transposedValues } from './gate-columns.ts'
import { layerNode } from './layers.ts'
import {
  constantAt, flowAt, numbersAt, numbersOf, type Operator, type OperatorCall, type Operators,
} from './operator.ts'
import type { Constant, Flow, LayerNode, Value } from './values.ts'

/** x·W along the last axis. */
const product = (
  call: OperatorCall, weight: ArrayLike<number>, [takes, gives]: readonly number[], bias?: ArrayLike<number>,
  extras: Partial<LayerNode> = {},
): Flow => {
  const x = oneFeature(flowAt(call, 0))
  const at = x.axes.length - 1
  expectFeaturesAt(x, at, call.where, takes!)
  const { node: read } = x
  const reordered = read.type === 'reordered'
  const own = reordered ? stepByStep(weight, read.steps!, gives!) : weight
  const params = { weight: own, ...(bias && { bias }) }
  const node = layerNode(reordered ? read.from : read, gives!, dense(gives!, { bias: !!bias }), params, extras)
  return withAxis(x, node, at, featuresAxis(gives!))
}

const expectMatrix = ({ shape }: Constant, where: string): readonly number[] => {
  if (shape.length === 2) return shape
  throw unsupported(where, 'a product with a matrix of weights', `one of shape [${shape}]`)
}

const matMul: Operator = (call) => {
  const [a, b] = call.inputs
  const pooled = a?.kind === 'flow' && b?.kind === 'flow' ? productWithWeights(call, a, b) : undefined
  if (pooled) return pooled
  const weight = constantAt(call, 1)
  return product(call, numbersOf(weight, call.where), expectMatrix(weight, call.where))
}

const gemm: Operator = (call) => {
  const { attributes, where, inputs } = call
  const given = constantAt(call, 1)
  const [rows, columns] = expectMatrix(given, where) as readonly [number, number]
  const turned = attributes.integer('transB', 0) === 1
  const [takes, gives] = turned ? [columns, rows] : [rows, columns]
  if (attributes.integer('transA', 0) !== 0) throw unsupported(where, 'transA: 0', '1')
  const [alpha, beta] = [attributes.float('alpha', 1), attributes.float('beta', 1)]
  const values = numbersOf(given, where)
  const weight = turned ? transposedValues(values, rows, columns) : values
  const bias = inputs[2] ? numbersAt(call, 2)! : undefined
  if (bias && ![1, gives].includes(bias.length)) throw unsupported(where, `${gives} biases`, String(bias.length))
  return product(
    call, alpha === 1 ? weight : Float32Array.from(weight, (value) => alpha * value), [takes, gives],
    bias && Float32Array.from({ length: gives }, (_, i) => beta * bias[bias.length === 1 ? 0 : i]!),
  )
}

/** Integers times integers, whose scales follow; the input stays in floating point. */
const matMulInteger: Operator = (call) => {
  const weight = constantAt(call, 1)
  const shape = expectMatrix(weight, call.where)
  const zeros = call.inputs[3] ? numbersAt(call, 3)! : [0]
  if (![1, shape[1]].includes(zeros.length))
    throw unsupported(call.where, 'a zero point for each column', String(zeros.length))
  const values = Float32Array.from(numbersOf(weight, call.where), (value, i) =>
    value - zeros[zeros.length === 1 ? 0 : i % shape[1]!]!)
  return product(call, values, shape, undefined, { unscaled: true })
}

/** Rounds to int8 with a scale of its own at every call: the scale is 1 where nothing is rounded. */
const dynamicQuantize: Operator = (call): Value[] => [
  flowAt(call, 0), { kind: 'constant', shape: [], values: Float32Array.of(1) },
  { kind: 'constant', shape: [], values: [0] },
]

/** Rows of a table, by tokens. */
export const lookUp: Operator = (call) => {
  const [table, x] = [constantAt(call, 0), flowAt(call, 1)]
  const [symbols, size] = expectMatrix(table, call.where) as readonly [number, number]
  if (call.attributes.integer('axis', 0) !== 0) throw unsupported(call.where, 'rows of a table', 'columns')
  return tokensTo(x, symbols, size, embedding(size), { weight: numbersOf(table, call.where) }, call.where)
}

const tokensTo = (
  { node, axes }: Flow, symbols: number, size: number, blueprint: unknown, params: LayerNode['params'], where: string,
): Flow => {
  if (node.type !== 'input' || !node.tokens)
    throw unsupported(where, 'tokens that are an input of the model', 'computed ones')
  node.size ??= symbols
  if (node.size !== symbols) throw unsupported(where, `${node.size} symbols`, String(symbols))
  return { kind: 'flow', node: layerNode(node, size, blueprint, params), axes: [...axes, featuresAxis(size)] }
}

const oneOf: Operator = (call) => {
  const symbols = numbersAt(call, 1)?.[0] ?? 0
  const [off, on] = Array.from(numbersAt(call, 2) ?? [])
  if (off !== 0 || on !== 1 || call.attributes.integer('axis', -1) !== -1)
    throw unsupported(call.where, '1 for the symbol and 0 for all others, along the last axis', `${on} and ${off}`)
  return tokensTo(flowAt(call, 0), symbols, symbols, oneHot(), {}, call.where)
}

export const products: Operators = {
  MatMul: matMul, Gemm: gemm, MatMulInteger: matMulInteger, DynamicQuantizeLinear: dynamicQuantize, OneHot: oneOf,
}
