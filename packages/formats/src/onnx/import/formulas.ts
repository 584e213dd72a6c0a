import { sizeOfNode } from './layers.ts'
import { isOperation, operation, sizeOfTree, type Slice, type Tree } from './tree.ts'
import type { Flow, FormulaNode, LayerGraph } from './values.ts'

const largest = 60 // operations in one formula: a larger one would be slow to derive

/** All features of a node, however many there are. */
export const whole: Slice = { from: 0, to: Infinity }

/** What a formula reads, and what it computes from that; any other node is a formula that returns what it reads. */
export const termOf = (node: LayerGraph): { readonly base: LayerGraph; readonly tree: Tree } =>
  node.type === 'formula' && sizeOfTree(node.tree) <= largest
    ? { base: node.from, tree: node.tree }
    : { base: node, tree: whole }

/** A formula over the features of a node, as many as that has. */
export const formulaOf = (from: LayerGraph, tree: Tree, size: number | undefined): FormulaNode =>
  ({ type: 'formula', from, tree, size })

/** A function of each element of a node. */
export const applied = (name: string, node: LayerGraph, ...numbers: readonly number[]): FormulaNode => {
  const { base, tree } = termOf(node)
  return formulaOf(base, operation(name, tree, ...numbers), node.size)
}

/** Some neighbouring features of a node. */
export const sliceOf = (node: LayerGraph, from: number, to: number): FormulaNode => {
  const { base, tree } = termOf(node)
  const cut = cutTree(tree, from, to)
  return cut === undefined ? formulaOf(node, { from, to }, to - from) : formulaOf(base, cut, to - from)
}

/** The same of some features; undefined if it depends on the others, too. */
const cutTree = (tree: Tree, from: number, to: number): Tree | undefined => {
  if (typeof tree === 'number') return tree
  if (tree instanceof Float32Array) return tree.subarray(from, to)
  if (!isOperation(tree)) return { from: tree.from + from, to: tree.from + to }
  if (tree.operation === 'mean') return undefined
  const args = tree.args.map((arg) => cutTree(arg, from, to))
  return args.includes(undefined) ? undefined : operation(tree.operation, ...(args as Tree[]))
}

/** Whether a node gives the same for all features of a step. */
export const isPerStep = (node: LayerGraph): boolean => node.type === 'formula' && isPerStepTree(node.tree)

/** A mean over the features as one feature, where its axis has been kept. */
export const oneFeature = (flow: Flow): Flow => {
  const isKept = flow.axes.some(({ size, inserted, role }) => inserted && size === 1 && role !== 'time')
  return isKept && isPerStep(flow.node) ? { ...flow, node: sliceOf(flow.node, 0, 1) } : flow
}

const isPerStepTree = (tree: Tree): boolean => typeof tree === 'number' ||
  (isOperation(tree) && (tree.operation === 'mean' || tree.args.every(isPerStepTree)))

/** The slices with their ends, where a formula reads all features of a node. */
export const bounded = (tree: Tree, node: LayerGraph): Tree => {
  if (typeof tree === 'number' || tree instanceof Float32Array) return tree
  if (isOperation(tree)) return operation(tree.operation, ...tree.args.map((arg) => bounded(arg, node)))
  return tree.to === Infinity ? { from: 0, to: sizeOfNode(node) ?? 0 } : tree
}
