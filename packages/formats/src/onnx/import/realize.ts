import {
  activation, crop, formulaLayer, layerNorm, pad, rmsNorm, type ActivationName, type FormulaTree,
} from '@recurra/layers'
import { activationOptions, activations } from '@recurra/layers/authoring'
import { mergeDirections, type MergeMode } from '@recurra/rnn'
import { unsupported } from './faults.ts'
import { bounded, formulaOf, whole } from './formulas.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import { isOperation, operation, plainTree, type PlainTree, type Tree } from './tree.ts'
import type { FormulaNode, LayerGraph, LayerNode, PartialNode } from './values.ts'

const missing: { readonly [type: string]: string } = {
  sum: 'a sum over time that is not divided by the lengths',
  weights: 'a softmax over time whose weights multiply nothing',
  weighted: 'steps weighted by a softmax that are not summed over time',
  carried: 'steps before the first one, for a layer without a convolution',
  cut: 'steps in reverse that do not mirror a sequence at its ends',
  reordered: 'all features of all steps, feature by feature, which no product with weights reads',
}

/**
 * The layers of a node, with their parameters: one, or several for a formula of activations.
 * @throws `ValueError` if it is part of something that Recurra has no layer for.
 */
export const realized = (node: LayerGraph): Realized[] => {
  if (node.type === 'layer' && !node.unscaled) return [node]
  if (node.type === 'formula') return layersOfFormula(node)
  const moved = 'where' in node ? overTime(node) : undefined
  if (moved) return [{ blueprint: moved as Realized['blueprint'], params: {} }]
  const got = node.type === 'layer' ? 'int8 weights without a scale' : (missing[node.type] ?? node.type)
  throw unsupported('where' in node ? node.where : '', 'operators that make up a layer', got)
}

/** Steps that are added or removed, which no other layer takes into account. */
const overTime = ({ type, steps: [from, to] = [0, 0], whole = 0, turned }: PartialNode): unknown => {
  if (type === 'padded') return pad({ before: from, after: to })
  return type === 'cut' && !turned ? crop({ before: from, after: whole - to }) : undefined
}

type Realized = Pick<LayerNode, 'blueprint' | 'params'>

/** An activation of another formula is a layer of its own. */
const layersOfFormula = (node: FormulaNode): Realized[] => {
  const { tree, from, size } = node
  if (!isOperation(tree) || !Object.hasOwn(activations, tree.operation)) return [layerOfFormula(node)]
  const [inner, ...numbers] = tree.args as readonly [Tree, ...Tree[]]
  if (!isOperation(inner)) return [layerOfFormula(node)]
  const before = formulaOf(from, inner, size)
  const own = formulaOf(before, operation(tree.operation, whole, ...numbers), size)
  return [...layersOfFormula(before), layerOfFormula(own)]
}

const layerOfFormula = (node: FormulaNode): Realized => {
  const size = sizeOfNode(node) ?? 0
  const plain = plainTree(bounded(node.tree, node.from))
  const [[from, to] = []] = plain.slices
  const isWhole = plain.slices.length === 1 && from === 0 && to === sizeOfNode(node.from)
  const known = isWhole ? named(plain) : merged(plain, sizeOfNode(node.from) ?? 0)
  if (known) return layerNode(node.from, size, ...known)
  const parameters = plain.columns.length
  return layerNode(
    node.from, size,
    formulaLayer(plain.tree, { ...(!isWhole && { slices: plain.slices }), ...(parameters > 0 && { parameters }) }),
    Object.fromEntries(plain.columns.map((values, i) => [`p${i}`, values])),
  )
}

/** The two halves of the features put together, as those of both directions. */
const merged = ({ tree, slices, columns }: PlainTree, size: number): Known | undefined => {
  if (columns.length > 0 || slices.flat().join() !== [0, size / 2, size / 2, size].join()) return undefined
  const mode = merges.find(([, formula]) => isLike(tree, formula))?.[0]
  return mode && [mergeDirections(mode), {}]
}

const merges: readonly (readonly [mode: MergeMode, formula: FormulaTree])[] = [
  ['sum', ['add', 'x0', 'x1']], ['mean', ['mul', ['add', 'x0', 'x1'], 0.5]], ['product', ['mul', 'x0', 'x1']],
]

type Known = readonly [blueprint: unknown, params: LayerNode['params']]

/** The usual layer that a formula is, if it is one. */
const named = ({ tree, columns }: PlainTree): Known | undefined => {
  const name = activationsByFormula.find(([, formula]) => isLike(tree, formula))?.[0]
  if (name !== undefined) return [activation(name), {}]
  if (Array.isArray(tree) && Object.hasOwn(activations, String(tree[0])) && tree[1] === 'x0') {
    const [own, , ...numbers] = tree as [ActivationName, string, ...number[]]
    const names = Object.keys(activationOptions(own))
    return [activation(own, Object.fromEntries(numbers.map((value, i) => [names[i]!, value]))), {}]
  }
  return norm(tree, columns)
}

const gelu = ['add', ['erf', ['mul', 'x0', Math.SQRT1_2]], 1]
const cube = ['mul', 'x0', ['add', ['mul', ['mul', 'x0', 'x0'], 0.044715], 1]]

/** Activations as exporters write them, ours and PyTorch's. */
const activationsByFormula: readonly (readonly [name: ActivationName, formula: FormulaTree])[] = [
  ['relu', ['max', 'x0', 0]],
  ['silu', ['mul', 'x0', ['sigmoid', 'x0']]],
  ['gelu', ['mul', ['mul', 'x0', 0.5], gelu]],
  ['gelu', ['mul', ['mul', 'x0', ['add', ['erf', ['div', 'x0', Math.SQRT2]], 1]], 0.5]],
  ['geluTanh', ['mul', ['mul', 'x0', 0.5], ['add', ['tanh', ['mul', cube, Math.sqrt(2 / Math.PI)]], 1]]],
  ['hardSwish', ['mul', 'x0', ['hardSigmoid', 'x0']]],
  ['mish', ['mul', 'x0', ['tanh', ['softplus', 'x0']]]],
  ['softsign', ['div', 'x0', ['add', ['abs', 'x0'], 1]]],
  ['exponential', ['exp', 'x0']],
  ['logSigmoid', ['neg', ['softplus', ['neg', 'x0']]]],
]

const centered = ['sub', 'x0', ['mean', 'x0']]
const rootMeanSquare = (of: FormulaTree): FormulaTree => ['sqrt', ['add', ['mean', of], 'epsilon']]
const standardized: FormulaTree = ['div', centered, rootMeanSquare(['square', centered])]
const byRootMeanSquare: FormulaTree = ['div', 'x0', rootMeanSquare(['mul', 'x0', 'x0'])]

/** A layer norm or an RMS norm, written out. */
const norm = (tree: FormulaTree, columns: readonly Float32Array[]): Known | undefined => {
  const [scale, shift] = columns
  const found = (formula: FormulaTree): number | undefined => {
    const free: { epsilon?: number } = {}
    return isLike(tree, formula, free) ? free.epsilon : undefined
  }
  const both = found(['add', ['mul', standardized, 'p0'], 'p1'])
  if (both !== undefined) return [layerNorm({ epsilon: both }), { scale: scale!, shift: shift! }]
  const alone = found(standardized)
  if (alone !== undefined) return [layerNorm({ epsilon: alone, affine: false }), {}]
  const rms = found(['mul', byRootMeanSquare, 'p0'])
  if (rms !== undefined) return [rmsNorm({ epsilon: rms }), { scale: scale! }]
  const plain = found(byRootMeanSquare)
  return plain === undefined ? undefined : [rmsNorm({ epsilon: plain, affine: false }), {}]
}

/** Whether two formulas are the same, up to float32; `epsilon` stands for any number. */
const isLike = (tree: FormulaTree, formula: FormulaTree, free?: { epsilon?: number }): boolean => {
  if (formula === 'epsilon' && free && typeof tree === 'number') {
    free.epsilon = tree
    return true
  }
  if (typeof tree === 'number' && typeof formula === 'number') return Math.abs(tree - formula) < 1e-6
  if (!Array.isArray(tree) || !Array.isArray(formula)) return tree === formula
  return tree.length === formula.length && tree.every((part, i) => isLike(part, formula[i]!, free))
}
