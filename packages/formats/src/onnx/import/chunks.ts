import type { Backend } from '@recurra/backend'
import { Sequential, timeDistributed, type Blueprint, type Signal } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import { unsupported } from './faults.ts'
import { lastOf, sizeOfNode } from './layers.ts'
import { inSequence } from './merge.ts'
import type { InputNode, LayerGraph, LayerNode, LayerParams } from './values.ts'

/** Layers in sequence with their parameters, and what they read. */
export interface ModelLayers {
  readonly signal: Signal
  readonly blueprints: readonly Blueprint[]
  readonly params: LayerParams
}

/** A part of a model, with paths from the place of its first layer on. */
type Part = (first: number) => Pick<ModelLayers, 'blueprints' | 'params'>

/**
 * The layers of a graph each call of which is a step of the model, since recurrent layers go on from the state of the
 * call before; undefined if its calls are whole sequences, or parts of them that a stream can step through.
 */
export const chunksOf = (
  input: InputNode, nodes: readonly LayerGraph[], backend: Backend,
): ModelLayers | undefined => {
  const first = nodes.findIndex((node) => node.type === 'layer' && (node.everyCall || node.stepsPerCall))
  if (first < 0) return undefined
  const [before, over] = [nodes.slice(0, first), nodes.slice(first)]
  const features = input.size!
  if ((nodes[first] as LayerNode).everyCall)
    return before.some(isOverTime)
      ? inSteps(input, [innerLayers(endingInVector(before), { features }), layersOverCalls(over)])
      : { signal: { kind: 'sequence', size: features }, ...inSequence(nodes) }
  if (!before.some(isOverTime) || canStream(input, before, backend)) return undefined
  const steps = (nodes[first] as LayerNode).stepsPerCall!
  const end = over.findIndex(isReduced)
  const [within, behind] = end < 0 ? [over, []] : [over.slice(0, end), over.slice(end + 1)]
  const sizes = [before.at(-1)!, within.at(-1)!].map((node) => sizeOfNode(node) ?? 1) as [number, number]
  return inSteps(input, [
    innerLayers(before, { features, outputSteps: steps }),
    innerLayers(within, { features: sizes[0], stateful: true }),
    ...(end < 0 ? [] : [innerLayers([over[end]!], { features: sizes[1] }), layersOverCalls(behind)]),
  ])
}

const isOverTime = (node: LayerGraph): boolean => node.type === 'layer' && node.overTime === true

/** Whether a layer gives one vector for a sequence. */
const isReduced = (node: LayerGraph): boolean =>
  node.type === 'layer' && ['last', 'meanPool'].includes(node.blueprint.type)

const endingInVector = (nodes: readonly LayerGraph[]): readonly LayerGraph[] => {
  const end = nodes.at(-1)!
  return isReduced(end) ? nodes : [...nodes, lastOf(end)]
}

/** Whether layers read the past alone. */
const canStream = ({ size }: InputNode, nodes: readonly LayerGraph[], backend: Backend): boolean => {
  const { blueprints } = inSequence(nodes)
  const signal: Signal = { kind: 'sequence', size: size! }
  return new Sequential(signal, blueprints, { backend, random: new Random(), uninitialized: true }).causal
}

/** Layers that read the steps within a call. */
const innerLayers = (nodes: readonly LayerGraph[], options: Parameters<typeof timeDistributed>[1]): Part => (first) => {
  const { blueprints, params } = inSequence(nodes, `${first}.`)
  return { blueprints: [timeDistributed(blueprints, options) as Blueprint], params }
}

const layersOverCalls = (nodes: readonly LayerGraph[]): Part => (first) => inSequence(nodes, '', first)

/** Parts one after the other, over the calls of a graph. */
const inSteps = ({ name, axes, size }: InputNode, parts: readonly Part[]): ModelLayers => {
  const steps = axes.find(({ role }) => role === 'time')?.size
  if (typeof steps !== 'number')
    throw unsupported(
      `input ${name}`, 'the number of its steps at a call', 'an axis of any size',
      `Pass its shape: { shapes: { ${name}: [1, 512] } }.`,
    )
  const all = parts.reduce<Pick<ModelLayers, 'blueprints' | 'params'>>(
    ({ blueprints, params }, part) => {
      const next = part(blueprints.length)
      return { blueprints: [...blueprints, ...next.blueprints], params: { ...params, ...next.params } }
    },
    { blueprints: [], params: {} },
  )
  return { signal: { kind: 'sequence', size: steps * size! }, ...all }
}
