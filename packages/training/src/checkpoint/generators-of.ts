import type { Layer } from '@recurra/layers'
import type { Random } from '@recurra/tensor'

/** Every generator that a model draws from, once, in the order in which its layers run. */
export const generatorsOf = (layer: Layer): readonly Random[] => [...new Set(drawnFrom(layer))]

const drawnFrom = ({ random, parts = [] }: Layer): Random[] => [
  ...(random ? [random] : []),
  ...parts.flatMap(([, part]) => drawnFrom(part)),
]

/** The kinds of layers that a model is made of, as text: `sequential(embedding -> lstm -> dense)`. */
export const kindsOf = ({ type, parts }: Layer): string =>
  parts ? `${type}(${parts.map(([, part]) => kindsOf(part)).join(' -> ')})` : type
