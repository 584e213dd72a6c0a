import { dense, type Merge } from '@recurra/layers'
import { meanPool } from '@recurra/rnn'
import { weighted } from './attention-pools.ts'
import { broadcast, expectFeaturesAt, insertedAxis } from './axes.ts'
import { broadcastFlows } from './broadcast-flows.ts'
import { unsupported } from './faults.ts'
import { applied, formulaOf, isPerStep, termOf } from './formulas.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import { merged } from './merge.ts'
import { flowAt, numbersAt, numbersOf, type Operator, type OperatorCall, type Operators } from './operator.ts'
import { operation, type Tree } from './tree.ts'
import type { Constant, Flow, LayerNode, Value } from './values.ts'

/** A function of each element, with numbers that it takes. */
const unary = (name: string, numbers: (call: OperatorCall) => readonly number[] = () => []): Operator => (call) => {
  const { axes, node } = flowAt(call, 0)
  return { kind: 'flow', axes, node: applied(name, node, ...numbers(call)) }
}

/** A function of each element, made of several operations. */
const composed = (build: (x: Tree, call: OperatorCall) => Tree): Operator => (call) => {
  const { axes, node } = flowAt(call, 0)
  const { base, tree } = termOf(node)
  return { kind: 'flow', axes, node: formulaOf(base, build(tree, call), node.size) }
}

/** Two operands, one of which may be a constant. */
const binary = (name: string): Operator => (call) => {
  const [a, b] = call.inputs
  if (b?.kind === 'mask' || a?.kind === 'mask') return withLengths(name, call)
  if (a?.kind === 'constant') return withConstant(call, flowAt(call, 1), a, (x, c) => operation(name, c, x), name)
  if (b?.kind === 'constant') return withConstant(call, flowAt(call, 0), b, (x, c) => operation(name, x, c), name)
  return withFlow(call, flowAt(call, 0), flowAt(call, 1), name)
}

/** Any number of operands: one after the other, or branches that are merged at once. */
const several = (name: string, merge?: Merge): Operator => (call) => {
  const { inputs, where } = call
  const flows = inputs.filter((value) => value?.kind === 'flow')
  if (merge && flows.length === inputs.length && new Set(flows.map(({ node }) => termOf(node).base)).size > 1) {
    const axes = flows.slice(1).reduce((all, flow) => broadcast({ ...flow, axes: all }, flow, where), flows[0]!.axes)
    return { kind: 'flow', axes, node: merged(where, merge, broadcastFlows(flows, where)) }
  }
  const both = (op: string, ...operands: OperatorCall['inputs']): Value =>
    binary(op)({ ...call, inputs: operands }) as Value
  const all = inputs.slice(1).reduce((value, other) => both(name, value, other), inputs[0])
  return merge === 'mean' ? both('mul', all, { kind: 'constant', shape: [], values: [1 / inputs.length] }) : all!
}

/** A sum over time, divided by the lengths, is a mean. */
const withLengths = (name: string, call: OperatorCall): Value => {
  const x = flowAt(call, 0)
  if (name === 'div' && x.node.type === 'sum')
    return { ...x, node: layerNode(x.node.from, undefined, meanPool(), {}, { overTime: true }) }
  throw unsupported(call.where, 'lengths that divide a sum over time', name)
}

const withConstant = (
  call: OperatorCall, x: Flow, constant: Constant, build: (x: Tree, c: Tree) => Tree, name: string,
): Value => {
  const { where } = call
  const values = numbersOf(constant, where)
  const missing = Math.max(0, constant.shape.length - x.axes.length)
  const axes = [...Array.from({ length: missing }, insertedAxis), ...x.axes]
  const flow: Flow = { ...x, axes }
  const [first] = Array.from(values)
  if (first !== undefined && values.length === 1) {
    if (isUnscaled(x.node) && name === 'mul') return { ...flow, node: rescaled(x.node, () => first) }
    const { base, tree } = termOf(x.node)
    return { ...flow, node: formulaOf(base, build(tree, first), x.node.size) }
  }
  const offset = axes.length - constant.shape.length
  const wide = constant.shape.flatMap((size, i) => (size === 1 ? [] : [i + offset]))
  if (wide.length !== 1)
    throw unsupported(where, 'a constant with a number for each feature', `one of shape [${constant.shape}]`)
  const size = expectFeaturesAt(flow, wide[0]!, where, constant.shape[wide[0]! - offset])
  const column = Float32Array.from(values)
  if (isUnscaled(x.node) && name === 'mul') return { ...flow, node: rescaled(x.node, (i) => column[i]!) }
  if (name === 'add' && isDenseWithoutBias(x.node))
    return { ...flow, node: layerNode(x.node.from, size, dense(size), { ...x.node.params, bias: column }) }
  const { base, tree } = termOf(x.node)
  return { ...flow, node: formulaOf(base, build(tree, column), x.node.size) }
}

const isUnscaled = (node: Flow['node']): node is LayerNode => node.type === 'layer' && node.unscaled === true

const isDenseWithoutBias = (node: Flow['node']): node is LayerNode =>
  node.type === 'layer' && node.blueprint.type === 'dense' && !('bias' in node.params) && !node.unscaled

/** The integers of a matrix, times the scale of each column. */
const rescaled = ({ from, size, blueprint, params }: LayerNode, scale: (column: number) => number): LayerNode =>
  layerNode(from, size, blueprint, {
    weight: Float32Array.from(params['weight']!, (value, i) => value * scale(i % (size ?? 1))),
  })

/** The rows of a table in int8, times a scale for each, which is looked up like them. */
const scaledRows = ({ node: rows, axes }: Flow, { node: scales }: Flow): Flow | undefined => {
  if (rows.type !== 'layer' || scales.type !== 'layer' || rows.from !== scales.from) return undefined
  if ([rows, scales].some(({ blueprint }) => blueprint.type !== 'embedding') || scales.size !== 1) return undefined
  const [size, factors] = [rows.size ?? 1, scales.params['weight']!]
  const weight = Float32Array.from(rows.params['weight']!, (value, i) => value * factors[Math.floor(i / size)]!)
  return { kind: 'flow', axes, node: layerNode(rows.from, rows.size, rows.blueprint, { weight }) }
}

const mergeOf: { readonly [operation: string]: Merge } = {
  add: 'sum', sub: 'difference', mul: 'product', max: 'max', min: 'min',
}

const withFlow = (call: OperatorCall, a: Flow, b: Flow, name: string): Value => {
  const product = name === 'mul' ? (scaledRows(a, b) ?? weighted(call, a, b)) : undefined
  if (product) return product
  const axes = broadcast(a, b, call.where)
  const [left, right] = [termOf(a.node), termOf(b.node)]
  if (left.base !== right.base) {
    const merge = mergeOf[name]
    if (!merge) throw unsupported(call.where, `branches that are combined by ${Object.keys(mergeOf).join(', ')}`, name)
    return { kind: 'flow', axes, node: merged(call.where, merge, broadcastFlows([a, b], call.where)) }
  }
  const [first, second] = [a.node, b.node].map((node) => (isPerStep(node) ? undefined : sizeOfNode(node)))
  if (first !== undefined && second !== undefined && first !== second)
    throw unsupported(call.where, 'as many features on both sides', `${first} and ${second}`)
  const size = isPerStep(a.node) ? b.node.size : a.node.size
  return { kind: 'flow', axes, node: formulaOf(left.base, operation(name, left.tree, right.tree), size) }
}

/** x to the power of 2, 0.5 or 1. */
const pow: Operator = (call) => {
  const exponent = numbersAt(call, 1)
  const power = exponent?.length === 1 ? exponent[0]! : undefined
  if (power === 2) return unary('square')(call)
  if (power === 0.5) return unary('sqrt')(call)
  if (power === 1) return flowAt(call, 0)
  throw unsupported(call.where, 'the power 2, 1 or 0.5', String(power ?? 'several'))
}

const clip: Operator = (call) => {
  const { attributes } = call
  const least = attributes.has('min') ? attributes.float('min', 0) : numbersAt(call, 1)?.[0]
  const most = attributes.has('max') ? attributes.float('max', 0) : numbersAt(call, 2)?.[0]
  if (least !== undefined && most !== undefined) return unary('hardtanh', () => [least, most])(call)
  if (least !== undefined) return unary('max', () => [least])(call)
  return most === undefined ? flowAt(call, 0) : unary('min', () => [most])(call)
}

const hardSigmoid: Operator = (call) => {
  const [alpha, beta] = [call.attributes.float('alpha', 0.2), call.attributes.float('beta', 0.5)]
  const isNear = (value: number): boolean => Math.abs(alpha - value) < 1e-6 && beta === 0.5
  if (isNear(1 / 6)) return unary('hardSigmoid')(call)
  if (isNear(0.2)) return unary('hardSigmoidKeras2')(call)
  return composed((x) => operation('hardtanh', operation('add', operation('mul', x, alpha), beta), 0, 1))(call)
}

const prelu: Operator = (call) => {
  const slopes = numbersAt(call, 1) ?? []
  const below: OperatorCall = { ...call, inputs: [unary('min', () => [0])(call) as Value, call.inputs[1]] }
  const [scaled, above] = [binary('mul')(below) as Flow, unary('relu')(call) as Flow]
  if (slopes.length === 1) return unary('leakyRelu', () => [slopes[0]!])(call)
  return withFlow(call, above, scaled, 'add')
}

export const elementWiseOperators: Operators = {
  Add: binary('add'), Sub: binary('sub'), Mul: binary('mul'), Div: binary('div'),
  Max: several('max', 'max'), Min: several('min', 'min'), Sum: several('add', 'sum'), Mean: several('add', 'mean'),
  Pow: pow, Clip: clip, HardSigmoid: hardSigmoid, PRelu: prelu,
  Neg: unary('neg'), Abs: unary('abs'), Exp: unary('exp'), Log: unary('log'), Sqrt: unary('sqrt'), Erf: unary('erf'),
  Tanh: unary('tanh'), Sigmoid: unary('sigmoid'), Relu: unary('relu'), Softplus: unary('softplus'),
  Elu: unary('elu', ({ attributes }) => [attributes.float('alpha', 1)]),
  LeakyRelu: unary('leakyRelu', ({ attributes }) => [attributes.float('alpha', 0.01)]),
  Selu(call) {
    const { attributes, where } = call
    const own = attributes.float('alpha', 1.6732632) === 1.6732632 && attributes.float('gamma', 1.0507010) === 1.0507010
    if (own || Math.abs(attributes.float('alpha', 1.67326) - 1.67326) < 1e-3) return unary('selu')(call)
    throw unsupported(where, 'the usual parameters of Selu', 'others')
  },
  Gelu: (call) => unary(call.attributes.text('approximate', 'none') === 'tanh' ? 'geluTanh' : 'gelu')(call),
  HardSwish: composed((x) => operation('mul', x, operation('hardSigmoid', x))),
  Softsign: composed((x) => operation('div', x, operation('add', operation('abs', x), 1))),
  Mish: composed((x) => operation('mul', x, operation('tanh', operation('softplus', x)))),
  Reciprocal: composed((x) => operation('div', 1, x)),
}
