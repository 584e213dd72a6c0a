import type { Backend } from '@recurra/backend'
import { namedVariables, Sequential } from '@recurra/layers'
import { Random, sizeOf, ValueError } from '@recurra/tensor'
import { chunksOf, type ModelLayers } from './chunks.ts'
import { passShape, unsupported } from './faults.ts'
import { inSequence } from './merge.ts'
import type { Flow, InputNode, LayerGraph } from './values.ts'

/** The nodes from the input to a node. */
const lineTo = (end: LayerGraph): { readonly input: InputNode; readonly nodes: readonly LayerGraph[] } => {
  const nodes: LayerGraph[] = []
  let at = end
  while (at.type !== 'input') {
    nodes.unshift(at)
    at = at.from
  }
  return { input: at, nodes }
}

/**
 * The model of a graph's output, with its weights.
 * @throws `ValueError` if what the graph computes is not a sequence of layers, or a weight is not finite.
 */
export const assemble = ({ node }: Flow, backend: Backend): Sequential => {
  const { signal, blueprints, params } = layersOf(node, backend)
  const model = new Sequential(signal, blueprints, { backend, random: new Random(), uninitialized: true })
  const variables = new Map(namedVariables(model.params))
  for (const [name, values] of Object.entries(params)) {
    const own = variables.get(name)
    if (!own || sizeOf(own.value.shape) !== values.length)
      throw unsupported(name, `${own ? sizeOf(own.value.shape) : 'no'} weights`, String(values.length))
    expectFinite(name, values)
    backend.write(own.value, values)
    variables.delete(name)
  }
  const [left] = variables.keys()
  if (left !== undefined) throw unsupported(left, 'weights of every layer', 'none')
  return model
}

/** A weight may be the result of some arithmetic in the graph, which overflowed. */
const expectFinite = (name: string, values: ArrayLike<number>): void => {
  const at = Array.from(values).findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new ValueError({
    where: `${name}, number ${at}`, expected: 'a finite number in float32', got: String(values[at]),
    fix: 'The model had been ruined before it was exported; take an earlier one.',
  })
}

const layersOf = (end: LayerGraph, backend: Backend): ModelLayers => {
  const { input, nodes } = lineTo(end)
  if (nodes.length === 0) throw unsupported('', 'an output behind at least one layer', `the input ${input.name}`)
  const time = input.axes.some(({ role }) => role === 'time') || (input.axes.length > 1 && !isVector(input))
  const size = (input.size ??= sizeLast(input))
  const chunks = chunksOf(input, nodes, backend)
  if (chunks) return chunks
  const kind = input.tokens ? 'tokens' : time ? 'sequence' : 'vector'
  return { signal: { kind, size }, ...inSequence(nodes) }
}

/** Where no layer tells which axis is that of the features, it is the last one. */
const sizeLast = ({ name, axes }: InputNode): number => {
  const size = axes.at(-1)?.size
  if (typeof size === 'number') return size
  throw unsupported(`input ${name}`, 'a number of features that is known', String(size), passShape)
}

/** Whether an input is one vector: it has features, and one other axis. */
const isVector = ({ axes, tokens }: InputNode): boolean => !tokens && axes.length === 2
