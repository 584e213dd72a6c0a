import type { GraphProto, NodeProto, TensorProto } from '../onnx_pb.ts'
import { OperatorAttributes } from './attributes.ts'
import { elementWiseOperators } from './element-wise.ts'
import type { ExternalData } from './external-data.ts'
import { attempt, damaged, describeNode, unsupported } from './faults.ts'
import { folds } from './fold/folds.ts'
import { longerSequences } from './longer-sequences.ts'
import { moves } from './moves.ts'
import { norms } from './norms.ts'
import { numbersAt, type Operator, type OperatorCall, type Operators } from './operator.ts'
import { lookUp, products } from './products.ts'
import { recurrentOperators } from './recurrent.ts'
import { repeatedOf, selections } from './selections.ts'
import { tensorOf } from './tensor-of.ts'
import type { Value } from './values.ts'
import { windowOperators } from './windows.ts'

const operators: Operators = {
  ...recurrentOperators, ...elementWiseOperators, ...moves, ...selections, ...norms, ...products, ...windowOperators,
  ...longerSequences,
}

/** Operators that lengths may go through on their way to a mask. */
const ofMasks = new Set([
  'Add', 'And', 'Cast', 'Clip', 'Div', 'Equal', 'Expand', 'Gather', 'Greater', 'GreaterOrEqual', 'Identity', 'Less',
  'LessOrEqual', 'Max', 'Min', 'Mul', 'Not', 'Range', 'Reshape', 'Sub', 'Squeeze', 'Transpose', 'Unsqueeze',
])

/** Operators that take a part of a constant that is repeated. */
const ofRepeated = new Set(['Cast', 'Identity', 'Slice'])

/** What is known while a graph is evaluated. */
export interface Evaluation {
  readonly opset: number
  /** Called with each value; what it returns takes its place. */
  readonly seen: (name: string, value: Value) => Value
  /** The data of tensors in other files. */
  readonly external: ExternalData
  /** Makes room for the elements of a constant. */
  readonly reserve: (elements: number, where: string) => void
}

/** The values of a graph by name, and of the graphs around it. */
export class Scope {
  readonly #own = new Map<string, Value>()
  readonly #outer: Scope | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  get(name: string): Value | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name)
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value)
  }
}

const deepest = 32 // graphs within graphs

/**
 * Computes the values of a graph, whose inputs are in the scope: constants are folded, and layers are found. What
 * cannot be computed is an error in its place, which is thrown where it is needed.
 */
export const evaluate = (graph: GraphProto, scope: Scope, evaluation: Evaluation, depth = 0): void => {
  if (depth > deepest) throw unsupported('', `at most ${deepest} graphs within each other`, 'more', damaged)
  const { external } = evaluation
  for (const tensor of graph.initializer) scope.set(tensor.name, attempt(() => tensorOf(tensor, external)))
  for (const node of graph.node) {
    const outputs = node.opType === 'If' ? chosen(node, scope, evaluation, depth) : outputsOf(node, scope, evaluation)
    node.output.forEach((name, i) => {
      if (name !== '') scope.set(name, evaluation.seen(name, outputs[i] ?? missingOutput(node, i)))
    })
  }
}

const missingOutput = (node: NodeProto, i: number): Value => attempt(() => {
  throw unsupported(describeNode(node), 'an output that Recurra has', `output ${i}`)
})

/** The outputs of an operator. One that hands on an input which it does not have has none. */
const listed = (outputs: Value | readonly Value[] | undefined, where: string): readonly Value[] => {
  if (!outputs) throw unsupported(where, 'an operator with inputs', 'none', damaged)
  return 'kind' in outputs ? [outputs] : outputs
}

const inputsOf = (node: NodeProto, scope: Scope): (Value | undefined)[] =>
  node.input.map((name) => (name === '' ? undefined : scope.get(name) ?? attempt((): Value => {
    throw unsupported(describeNode(node), `a value called '${name}'`, 'none', damaged)
  })))

const outputsOf = (node: NodeProto, scope: Scope, { opset, external, reserve }: Evaluation): readonly Value[] => {
  const inputs = inputsOf(node, scope)
  const failed = inputs.find((value) => value?.kind === 'failed')
  if (failed) return node.output.map(() => failed)
  const where = describeNode(node)
  const call: OperatorCall = {
    inputs, opset, where, attributes: new OperatorAttributes(node), outputs: node.output.length,
    tensorOf: (tensor) => tensorOf(tensor, external), reserve: (elements) => reserve(elements, where),
  }
  const outputs = attempt(() => listed(operatorFor(node, inputs)(call), where))
  return 'kind' in outputs ? node.output.map(() => outputs) : outputs
}

/** The operator for what its inputs are. */
const operatorFor = ({ opType, domain }: NodeProto, inputs: readonly (Value | undefined)[]): Operator => {
  const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`
  const given = inputs.filter((value) => value !== undefined)
  if (given.every(({ kind }) => kind === 'constant') && Object.hasOwn(folds, name)) return folds[name]!
  const kinds = new Set(given.map(({ kind }) => kind))
  if (kinds.has('mask') && !kinds.has('flow') && !kinds.has('final') && ofMasks.has(name))
    return () => ({ kind: 'mask' })
  if (kinds.has('state') && given.every(({ kind }) => kind === 'state' || kind === 'constant'))
    return () => ({ kind: 'state' })
  if (given[0]?.kind === 'filled' && Object.hasOwn({ ...moves, ...selections }, name))
    return ({ outputs }) => Array.from({ length: outputs }, () => given[0]!)
  if (given[0]?.kind === 'repeated' && ofRepeated.has(name)) return (call) => repeatedOf(call, folds[name]!)
  if (name === 'Gather' && given[0]?.kind === 'constant') return lookUp
  if (Object.hasOwn(operators, name)) return operators[name]!
  return ({ where }) => {
    if (!Object.hasOwn(folds, name)) throw unsupported(where, 'an operator that Recurra knows', name)
    const input = given.find((value) => value.kind === 'flow' && value.node.type === 'input')
    const called = input?.kind === 'flow' && input.node.type === 'input' ? input.node.name : undefined
    throw unsupported(
      where, 'values that do not depend on the input', called === undefined ? 'such that do' : `the input ${called}`,
      called === undefined ? undefined : `If it chooses between networks, pass it: { inputs: { ${called}: 1 } }.`,
    )
  }
}

/** The branch of an If whose condition is known; the other one is left alone. */
const chosen = (node: NodeProto, scope: Scope, evaluation: Evaluation, depth: number): readonly Value[] => {
  const [condition] = inputsOf(node, scope)
  if (condition?.kind === 'failed') return node.output.map(() => condition)
  const attributes = new OperatorAttributes(node)
  const where = describeNode(node)
  const branch = attempt((): Value => {
    const [tensorIn, reserve] = [(tensor: TensorProto) => tensorOf(tensor, evaluation.external), () => undefined]
    const call = { inputs: [condition], attributes, where, outputs: 1, ...evaluation, tensorOf: tensorIn, reserve }
    if (condition?.kind !== 'constant')
      throw unsupported(
        where, 'a condition that is known', 'one that depends on the input',
        'Pass the input that it depends on: { inputs: { sr: 16000 } }.',
      )
    return { kind: 'constant', shape: [], values: [numbersAt(call, 0)![0]!] }
  })
  if (branch.kind !== 'constant') return node.output.map(() => branch)
  const graph = attributes.graph(branch.values[0] !== 0 ? 'then_branch' : 'else_branch')
  if (!graph) return node.output.map((_, i) => missingOutput(node, i))
  const inner = new Scope(scope)
  evaluate(graph, inner, evaluation, depth + 1)
  return graph.output.map(({ name }, i) => inner.get(name) ?? missingOutput(node, i))
}
