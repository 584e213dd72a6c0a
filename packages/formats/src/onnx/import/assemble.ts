import type { Backend } from '@recurra/backend'
import { namedVariables, Sequential, timeDistributed, type Blueprint, type Signal } from '@recurra/layers'
import { Random, sizeOf } from '@recurra/tensor'
import { passShape, unsupported } from './faults.ts'
import { lastOf } from './layers.ts'
import { inSequence } from './merge.ts'
import type { Flow, InputNode, LayerGraph, LayerParams } from './values.ts'

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

/** Layers in sequence with their parameters, and what they read. */
interface Layers {
  readonly signal: Signal
  readonly blueprints: readonly Blueprint[]
  readonly params: LayerParams
}

/**
 * The model of a graph's output, with its weights.
 * @throws `ValueError` if what the graph computes is not a sequence of layers.
 */
export const assemble = ({ node }: Flow, backend: Backend): Sequential => {
  const { signal, blueprints, params } = layersOf(node)
  const model = new Sequential(signal, blueprints, { backend, random: new Random(), uninitialized: true })
  const variables = new Map(namedVariables(model.params))
  for (const [name, values] of Object.entries(params)) {
    const own = variables.get(name)
    if (!own || sizeOf(own.value.shape) !== values.length)
      throw unsupported(name, `${own ? sizeOf(own.value.shape) : 'no'} weights`, String(values.length))
    backend.write(own.value, values)
    variables.delete(name)
  }
  const [left] = variables.keys()
  if (left !== undefined) throw unsupported(left, 'weights of every layer', 'none')
  return model
}

const layersOf = (end: LayerGraph): Layers => {
  const { input, nodes } = lineTo(end)
  if (nodes.length === 0) throw unsupported('', 'an output behind at least one layer', `the input ${input.name}`)
  const first = nodes.findIndex((node) => node.type === 'layer' && node.everyCall)
  const time = input.axes.some(({ role }) => role === 'time') || (input.axes.length > 1 && !isVector(input))
  const size = (input.size ??= sizeLast(input))
  if (first < 0) {
    const kind = input.tokens ? 'tokens' : time ? 'sequence' : 'vector'
    return { signal: { kind, size }, ...inSequence(nodes) }
  }
  const before = nodes.slice(0, first)
  if (!before.some((node) => node.type === 'layer' && node.overTime))
    return { signal: { kind: 'sequence', size }, ...inSequence(nodes) }
  const chunk = input.axes.find(({ role }) => role === 'time')?.size
  if (typeof chunk !== 'number')
    throw unsupported(
      `input ${input.name}`, 'the number of its steps at a call', 'an axis of any size',
      `Pass its shape: { shapes: { ${input.name}: [1, 512] } }.`,
    )
  return inChunks(chunk, size, before, nodes.slice(first))
}

/** Where no layer tells which axis is that of the features, it is the last one. */
const sizeLast = ({ name, axes }: InputNode): number => {
  const size = axes.at(-1)?.size
  if (typeof size === 'number') return size
  throw unsupported(`input ${name}`, 'a number of features that is known', String(size), passShape)
}

/** Each call of the graph is a step: layers over the time within a call come before those over the calls. */
const inChunks = (
  steps: number, features: number, within: readonly LayerGraph[], over: readonly LayerGraph[],
): Layers => {
  const end = within.at(-1)!
  const isLast = end.type === 'layer' && ['last', 'meanPool'].includes(end.blueprint.type)
  const inner = inSequence(isLast ? within : [...within, lastOf(end)], '0.')
  const outer = inSequence(over)
  const shifted = Object.entries(outer.params).map(([name, values]) =>
    [name.replace(/^\d+/, (index) => String(Number(index) + 1)), values])
  return {
    signal: { kind: 'sequence', size: steps * features },
    blueprints: [timeDistributed(inner.blueprints, { features }) as Blueprint, ...outer.blueprints],
    params: { ...inner.params, ...Object.fromEntries(shifted) },
  }
}

/** Whether an input is one vector: it has features, and one other axis. */
const isVector = ({ axes, tokens }: InputNode): boolean => !tokens && axes.length === 2
