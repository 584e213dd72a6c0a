import { leaves, Sequential, type Frame, type Layer, type State, type Variable } from '@recurra/layers'

/** What one recurrent layer remembers: its slots by name, `h`, or `0.h` and `1.h` where it has two directions. */
export type Memory = readonly (readonly [slot: string, vector: Variable])[]

/** The state of a model by its recurrent layers; containers are looked into. */
export const memoriesOf = (layer: Layer, state: State): Memory[] => {
  if (layer instanceof Sequential)
    return layer.layers.flatMap((inner, i) => memoriesOf(inner, (state as readonly State[])[i]!))
  const memory = leaves(state)
  return memory.length > 0 ? [memory] : []
}

/** What an encoder says in the end: the one vector that it gives, or else the last states of its recurrent layers. */
export const lastWordsOf = (encoder: Layer, { y, final }: Frame): Memory[] =>
  encoder.out.kind === 'vector' ? [[['y', y]]] : memoriesOf(encoder, final)

/** All vectors of some memories, [batch, units] each. */
export const vectorsOf = (memories: readonly Memory[]): Variable[] =>
  memories.flatMap((memory) => memory.map(([, vector]) => vector))

/** The numbers in a vector. */
export const unitsOf = ({ value }: Variable): number => value.shape.at(-1)!
