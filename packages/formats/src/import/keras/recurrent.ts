import { last } from '@recurra/rnn'
import type { Attributes } from './attributes.ts'
import { plain, type LayerPart, type Shape, type Translate, type Translated } from './keras-layer.ts'
import { recurrencesIn } from './recurrences.ts'

/** What a recurrent layer returns and how it reads. */
export interface Reading {
  readonly sequences: boolean
  readonly backwards: boolean
}

/** How a recurrent layer reads, and what it returns. */
export const readingIn = (attributes: Attributes): Reading => {
  attributes.only('time_major', false)
  attributes.only('zero_output_for_mask', false)
  attributes.take('return_state') // a model that takes the states has more than one output of this layer
  if (attributes.flag('stateful', false))
    attributes.warn('it is stateful: its state is kept by a stream, or between batches with { carry: true }')
  return { sequences: attributes.flag('return_sequences', false), backwards: attributes.flag('go_backwards', false) }
}

/** A recurrent layer in both directions, or in one. */
export const recurrentLayer = (type: string): Translate => (attributes, input) => {
  const { sequences, backwards } = readingIn(attributes)
  const all = recurrencesIn(type, attributes)
  if (backwards && all.length > 1) throw attributes.fault('go_backwards', 'false with stacked cells', true)
  const parts = all.map(({ make, weights }): LayerPart => ({
    blueprint: make(backwards ? { reverse: true } : {}), weights: [weights],
  }))
  return ended(parts, input, all.at(-1)!.units, sequences, backwards ? { reverse: true } : {})
}

/** The last step, unless all are returned. */
export const ended = (
  parts: readonly LayerPart[], input: Shape, size: number, sequences: boolean, end: Parameters<typeof last>[0],
): Translated => ({
  parts: [...parts, ...(sequences ? [] : [plain(last(end))])],
  shape: [...(sequences ? [input[0]] : []), size],
})
