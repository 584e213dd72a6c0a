import { kindOf, type Wire } from './kinds.ts'
import type { Choice } from './network.ts'

/** What is wrong with a layer in its place: the page says it in words. */
export type Fault =
  | { readonly kind: 'input'; readonly expected: readonly Wire['kind'][]; readonly got: Wire['kind'] }
  | { readonly kind: 'noSource' | 'needsWholeSequence' }

/** A layer in its place: what comes in, what goes out, and what is wrong with that. */
export interface Link {
  readonly from: Wire
  readonly to: Wire
  readonly fault?: Fault
}

const faultOf = ({ kind }: Choice, from: Wire, source: Wire | undefined, reading: boolean): Fault | undefined => {
  const { takes } = kindOf(kind)
  if (!takes.includes(from.kind)) return { kind: 'input', expected: takes, got: from.kind }
  if (kind === 'attention' && !source) return { kind: 'noSource' }
  if (kind === 'bidirectional' && !reading) return { kind: 'needsWholeSequence' }
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
