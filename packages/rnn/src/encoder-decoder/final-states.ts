import {
  namedVariables, Sequential, viewOn, type Frame, type Layer, type State, type Variable,
} from '@recurra/layers/authoring'
import { reshape, sizeOf } from '@recurra/tensor'

/** The state of one recurrent layer: its slots by name, `h`, or `0.h` and `1.h` where it has two directions. */
export type LayerState = readonly (readonly [slot: string, vector: Variable])[]

/** The state of a model by its recurrent layers; containers are looked into. */
export const layerStates = (layer: Layer, state: State): LayerState[] => {
  if (layer instanceof Sequential)
    return layer.layers.flatMap((inner, i) => layerStates(inner, (state as readonly State[])[i]!))
  const slots = namedVariables(state)
  return slots.length > 0 ? [slots] : []
}

/** What an encoder ends with: the one vector that it gives, or else the final states of its recurrent layers. */
export const finalStates = (encoder: Layer, { y, final }: Frame): LayerState[] =>
  encoder.out.kind === 'vector' ? [[['y', y]]] : layerStates(encoder, final)

/** All slots of some states as vectors, [batch, units] each. */
export const vectorsOf = (states: readonly LayerState[]): Variable[] =>
  states.flatMap((slots) => slots.map(([, slot]) => vectorOf(slot)))

/** The number of values that a slot has for each sequence. */
export const unitsOf = ({ value: { shape } }: Variable): number => sizeOf(shape.slice(1))

/** A slot of any shape as a vector: [batch, …] -> [batch, units]. */
export const vectorOf = (slot: Variable): Variable =>
  slot.value.shape.length > 2 ? viewOn(slot, (of) => reshape(of, [of.shape[0]!, unitsOf(slot)])) : slot
