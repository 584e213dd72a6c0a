import { kindOf, type Wire } from './kinds.ts'
import type { Choice } from './network.ts'

/** A layer in its place: what comes in, what goes out, and what is wrong with that. */
export interface Link {
  readonly from: Wire
  readonly to: Wire
  readonly fault?: string
}

const nouns = { sequence: 'a sequence', vector: 'one vector', tokens: 'symbols' } as const

/** A wire in words. */
export const describeWire = ({ kind, size }: Wire): string =>
  kind === 'tokens' ? `${size} symbols` : kind === 'vector' ? `one vector of ${size}` : `${size} per step`

/** What is wrong with a layer at this place, if anything. */
const faultOf = ({ kind }: Choice, from: Wire, source: Wire | undefined, reading: boolean): string | undefined => {
  const { takes } = kindOf(kind)
  if (!takes.includes(from.kind)) {
    const fix =
      from.kind === 'tokens'
        ? 'Put an embedding before it.'
        : from.kind === 'vector' ? 'Move it before what makes one vector.' : 'Move it to the beginning, or take it out.'
    return `Expects ${takes.map((one) => nouns[one]).join(' or ')}, gets ${nouns[from.kind]}. ${fix}`
  }
  if (kind === 'attention' && !source) return 'Expects a source to look at, and this task has none here. Take it out.'
  if (kind === 'bidirectional' && !reading)
    return 'Needs the whole sequence, but here each step must be told before the next is known. Use a GRU.'
  return undefined
}

/**
 * The layers as they are wired, one after the other, from what the first reads. `source` is what the encoder gives;
 * `reading` says that all of the sequence is there before anything is asked.
 */
export const linksOf = (
  input: Wire,
  layers: readonly Choice[],
  { source, reading = false }: { readonly source?: Wire; readonly reading?: boolean } = {},
): readonly Link[] => {
  let from = input
  return layers.map((choice): Link => {
    const fault = faultOf(choice, from, source, reading)
    const to = kindOf(choice.kind).gives(from, choice.size, source)
    const link = {
      from,
      to: fault && to.kind !== 'vector' ? { ...to, kind: 'sequence' as const } : to,
      ...(fault !== undefined && { fault }),
    }
    from = link.to
    return link
  })
}

/** What comes out of a stack. */
export const outOf = (input: Wire, links: readonly Link[]): Wire => links.at(-1)?.to ?? input
