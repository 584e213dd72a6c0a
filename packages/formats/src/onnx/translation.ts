import type { Blueprint, Layer } from '@recurra/layers'
import type { Graph } from './graph.ts'

/** What flows from one operator to the next: [time, batch, features], [batch, features], or tokens [time, batch]. */
export type Value = string

/** A layer on its way into a graph. */
export interface Translated {
  readonly graph: Graph
  readonly layer: Layer
  /** What it was built from. */
  readonly blueprint: Blueprint
  /** Its path in the model, e.g. `1.0`. */
  readonly path: string
  /** The lengths of the sequences [batch], where they are an input. */
  readonly lengths: Value | undefined
  /** Whether states are inputs and outputs. */
  readonly carried: boolean
}

/** Adds the operators of a layer to a graph: x -> y. */
export type Translation = (x: Value, layer: Translated) => Value
