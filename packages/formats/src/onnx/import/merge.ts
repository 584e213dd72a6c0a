import { gated, residual } from '@recurra/layers'
import { unsupported } from './faults.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import { realized } from './realize.ts'
import type { LayerGraph, LayerNode, LayerParams } from './values.ts'

/** The nodes that a node reads, one after the other, itself included. */
const lineOf = (node: LayerGraph): LayerGraph[] => {
  const line = [node]
  for (let at = node; at.type !== 'input'; at = at.from) line.push(at.from)
  return line
}

/** Layers in sequence, with their parameters under the paths that a container gives them. */
export const inSequence = (
  nodes: readonly LayerGraph[], path = '',
): { readonly blueprints: LayerNode['blueprint'][]; readonly params: LayerParams } => {
  const all = nodes.flatMap(realized)
  return {
    blueprints: all.map(({ blueprint }) => blueprint),
    params: Object.fromEntries(all.flatMap(({ params }, i) =>
      Object.entries(params).map(([name, values]) => [`${path}${i}.${name}`, values]))),
  }
}

/**
 * Two branches that come together: x + f(x), or f(x) · g(x).
 * @throws `ValueError` if Recurra has no layer that combines them so.
 */
export const merged = (where: string, operation: string, a: LayerGraph, b: LayerGraph): LayerNode => {
  const [left, right] = [lineOf(a), lineOf(b)]
  const base = left.find((node) => right.includes(node))
  if (!base) throw unsupported(where, 'two branches of one input', 'two inputs')
  const branch = (line: readonly LayerGraph[]): LayerGraph[] => line.slice(0, line.indexOf(base)).reverse()
  const [first, second] = [branch(left), branch(right)]
  const size = sizeOfNode(a) ?? sizeOfNode(b) ?? 0
  const overTime = [...first, ...second].some((node) => node.type === 'layer' && node.overTime)
  if (operation === 'add' && (first.length === 0 || second.length === 0)) {
    const { blueprints, params } = inSequence([...first, ...second])
    return layerNode(base, size, residual(blueprints), params, { overTime })
  }
  if (operation === 'mul' && first.length > 0 && second.length > 0) {
    const [value, gate] = [inSequence(first, 'value.'), inSequence(second, 'gate.')]
    return layerNode(
      base, size, gated(value.blueprints, gate.blueprints), { ...value.params, ...gate.params }, { overTime },
    )
  }
  throw unsupported(where, 'branches that are x + f(x) or f(x) · g(x)', `two others, combined by ${operation}`)
}
