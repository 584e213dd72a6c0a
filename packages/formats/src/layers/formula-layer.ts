import { input, outputsOf } from '@recurra/formula'
import { formulaLayer, type Blueprint, type FormulaLayer, type FormulaTree } from '@recurra/layers'
import { activationOptions, expressionOf } from '@recurra/layers/authoring'
import { loops } from '../javascript/loops.ts'
import type { Graph } from '../onnx/graph.ts'
import { parameter, type ValueName } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import { activationOperators, constantOf } from './activation.ts'
import type { LayerFormat } from './layer-format.ts'

/** The operators of arithmetic in ONNX. */
const operators: { readonly [operation: string]: string } = {
  add: 'Add', sub: 'Sub', mul: 'Mul', div: 'Div', max: 'Max', min: 'Min', neg: 'Neg', abs: 'Abs', exp: 'Exp',
  log: 'Log', sqrt: 'Sqrt', erf: 'Erf',
}

const nodeOf = (tree: FormulaTree, graph: Graph, operands: ReadonlyMap<string, ValueName>): ValueName => {
  if (typeof tree === 'number') return constantOf(graph, tree)
  if (typeof tree === 'string') return operands.get(tree)!
  const [name, x, ...others] = tree as readonly [name: string, x: FormulaTree, ...others: FormulaTree[]]
  const of = nodeOf(x, graph, operands)
  if (Object.hasOwn(operators, name))
    return graph.node(operators[name]!, [of, ...others.map((arg) => nodeOf(arg, graph, operands))])
  if (name === 'square') return graph.node('Mul', [of, of])
  if (name === 'select') {
    const [a, b] = others.map((arg) => nodeOf(arg, graph, operands))
    return graph.node('Where', [graph.node('Greater', [of, constantOf(graph, 0)]), a!, b!])
  }
  if (name === 'mean') return graph.node('ReduceMean', [of], { axes: [-1] })
  const names = Object.keys(activationOptions(name))
  const options = Object.fromEntries(others.map((value, i) => [names[i]!, value as number]))
  return activationOperators[name as keyof typeof activationOperators](of, graph, options)
}

export const formulaLayerFormat: LayerFormat = {
  make: ({ tree, ...options }) => formulaLayer(tree as FormulaTree, options) as Blueprint,
  /** `PReLU`, `Normalization` and others, whose weights an import names. */
  keras: {
    store: ({ params }, { path }) => Object.entries(params as Own).map(([name, param]) => asIs(path + name, param)),
  },
  onnx(x, to) {
    const { graph, layer } = to
    const { tree, slices, in: { size }, params } = layer as FormulaLayer
    const sliced = slices.map(([from, end]) => from === 0 && end === size ? x : graph.node('Slice', [
      x, graph.integers([1], [from]), graph.integers([1], [end]), graph.integers([1], [-1]),
    ]))
    return nodeOf(tree, graph, new Map([
      ...sliced.map((name, i) => [`x${i}`, name] as const),
      ...Object.keys(params).map((name) => [name, parameter(to, name)!] as const),
    ]))
  },
  script(to) {
    const { tree, slices, params } = to.layer as FormulaLayer
    const names = Object.keys(params)
    const operands = new Map([
      ...slices.map((_, i) => [`x${i}`, input(`x${i}`)] as const),
      ...names.map((name) => [name, input(name, 'column')] as const),
    ])
    to.output()
    for (const name of names) to.memory.push(`const ${name} = ${to.parameter(name)}`)
    to.step.push(
      ...slices.map(([from, end], i) => `const x${i} = input.subarray(${from}, ${end})`),
      ...loops(outputsOf({ y: expressionOf(tree, operands) }), to.units), 'return y',
    )
  },
}
