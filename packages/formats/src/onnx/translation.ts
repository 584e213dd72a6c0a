import { int8Of, integersOf } from '@recurra/backend'
import type { Blueprint, Layer, Sequential } from '@recurra/layers'
import { scaleOf, scaleShapeOf } from '../parameters/int8-parameters.ts'
import type { Own } from '../parameters/layout.ts'
import type { Graph } from './graph.ts'

/** A value between operators: [time, batch, features], [batch, features], or tokens [time, batch]. */
export type ValueName = string

/** A layer to translate, and its surroundings. */
export interface Translated {
  readonly graph: Graph
  readonly layer: Layer
  /** Its blueprint. */
  readonly blueprint: Blueprint
  /** Its path in the model, e.g. `1.0`. */
  readonly path: string
  /** The lengths of the sequences [batch], if they are an input. */
  readonly lengths: ValueName | undefined
  /** Whether states are inputs and outputs. */
  readonly carried: boolean
  /** Translates a layer inside it. */
  readonly inner: (layer: Layer) => Translation
  /** Translates layers in sequence inside it, under a path that ends with a dot; lengths and states may be others. */
  readonly sequence: (
    layers: Sequential, x: ValueName, within: string, context?: Partial<Pick<Translated, 'lengths' | 'carried'>>,
  ) => ValueName
}

/** Adds the operators of a layer to a graph: x -> y. */
export type Translation = (x: ValueName, layer: Translated) => ValueName

/** The same with 0, or another value, behind the end of each sequence: [time, batch, features]. */
export const withoutPadding = (x: ValueName, graph: Graph, lengths: ValueName | undefined, value = 0): ValueName => {
  if (!lengths) return x
  const [zero, one] = [graph.integers([], [0]), graph.integers([], [1])]
  const time = graph.node('Gather', [graph.node('Shape', [x]), zero])
  const steps = graph.node('Unsqueeze', [graph.node('Range', [zero, time, one]), graph.integers([1], [1])])
  const real = graph.node('Less', [steps, graph.node('Cast', [lengths], { to: 7 })]) // [time, batch]
  const mask = graph.node('Unsqueeze', [real, graph.integers([1], [2])])
  return graph.node('Where', [mask, x, graph.floats('padding', [], [value])])
}

/** A parameter of a layer as a constant of the graph. */
export const parameter = ({ graph, layer, path }: Translated, name: string): ValueName | undefined => {
  const own = (layer.params as Own)[name]
  if (!own) return undefined
  const [{ value }, at] = [own, `${path}.${name}`]
  const int8 = int8Of(value)
  if (!int8) return graph.floats(at, value.shape, layer.backend.read(value))
  const integers = graph.int8(at, value.shape, integersOf(int8))
  return scaled(graph, integers, graph.floats(scaleOf(at), scaleShapeOf(int8), int8.scales))
}

/**
 * int8 integers times their scales: exactly our weights, since a scale has no more than 17 bits. Runtimes do that once,
 * when they load a file. Behind a `DequantizeLinear` instead, ONNX Runtime multiplies at every call, and rounds what a
 * dense layer reads.
 */
export const scaled = (graph: Graph, integers: ValueName, scales: ValueName): ValueName =>
  graph.node('Mul', [graph.node('Cast', [integers], { to: 1 }), scales])
