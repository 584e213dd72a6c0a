import type { Merge } from '@recurra/layers'
import { mergedBranches } from '../../import/merged-branches.ts'
import { unsupported } from './faults.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import { realized } from './realize.ts'
import type { LayerGraph, LayerNode, LayerParams } from './values.ts'

/** The nodes that a node reads, one after the other, itself included. */
export const lineOf = (node: LayerGraph): LayerGraph[] => {
  const line = [node]
  for (let at = node; at.type !== 'input'; at = at.from) line.push(at.from)
  return line
}

interface Layers {
  readonly blueprints: LayerNode['blueprint'][]
  readonly params: LayerParams
}

/** Layers in sequence, with their parameters under the paths that a container gives them, the first at a place. */
export const inSequence = (nodes: readonly LayerGraph[], path = '', first = 0): Layers => {
  const all = nodes.flatMap(realized)
  return {
    blueprints: all.map(({ blueprint }) => blueprint),
    params: Object.fromEntries(all.flatMap(({ params }, i) =>
      Object.entries(params).map(([name, values]) => [`${path}${first + i}.${name}`, values]))),
  }
}

/**
 * Branches of one value that come together: x + f(x), f(x) · g(x), or two or more that are merged in another way.
 * @throws `ValueError` if they read different inputs, or do not give the same size.
 */
export const merged = (where: string, merge: Merge, nodes: readonly LayerGraph[]): LayerNode => {
  const lines = nodes.map(lineOf)
  const base = lines[0]!.find((node) => lines.every((line) => line.includes(node)))
  if (!base) throw unsupported(where, 'branches of one input', 'several inputs')
  const lists = lines.map((line) => line.slice(0, line.indexOf(base)).reverse())
  const sizes = nodes.map((node) => sizeOfNode(node) ?? 0)
  const size = merge === 'concat' ? sizes.reduce((sum, one) => sum + one, 0) : Math.max(...sizes)
  const other = sizes.find((one) => merge !== 'concat' && one !== 0 && one !== size)
  if (other !== undefined) throw unsupported(where, 'as many features from each branch', `${size} and ${other}`)
  const overTime = lists.flat().some((node) => node.type === 'layer' && node.overTime)
  const all = lists.map((list) => inSequence(list))
  const { blueprint, names } = mergedBranches(merge, all.map(({ blueprints }) => blueprints))
  const params = all.flatMap((branch, i) => Object.entries(branch.params)
    .map(([path, values]) => [names[i] === '' ? path : `${names[i]}.${path}`, values] as const))
  return layerNode(base, size, blueprint, Object.fromEntries(params), { overTime })
}
