import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'

const usualSteps = 256

/**
 * The most steps of a batch. Of longer sequences there are fewer side by side, so that a few do not take all memory.
 */
export const maxStepsFor = ({ batch }: Pick<Settings, 'batch'>): number => batch * usualSteps

/** What is to be said of sequences that are longer than a limit. */
export const cutNotes = (lengths: readonly number[], limit: number, what: string, done: string): Note[] => {
  const long = lengths.filter((length) => length > limit)
  if (long.length === 0) return []
  const longest = long.reduce((most, one) => Math.max(most, one))
  const those = `${counted(long.length)} of ${counted(lengths.length)} ${what} ${long.length === 1 ? 'is' : 'are'}`
  return [{
    text: `${those} longer than ${counted(limit)} (the longest ${counted(longest)}): ${done}`,
    figures: { cut: { sequences: long.length, of: lengths.length, limit, longest } },
  }]
}

/** A part of a sequence, and what of it is used. */
export interface Piece {
  /** Which sequence. */
  readonly of: number
  readonly start: number
  readonly end: number
  /** The steps that count: what lies around them is there to be read. */
  readonly from: number
  readonly to: number
}

/** Sequences in pieces of at most `limit` steps, one after the other. */
export const consecutivePieces = (lengths: readonly number[], limit: number): Piece[] =>
  lengths.flatMap((length, of) => Array.from({ length: Math.ceil(length / limit) }, (_, i) => {
    const [start, end] = [i * limit, Math.min(length, (i + 1) * limit)]
    return { of, start, end, from: start, to: end }
  }))

/**
 * Sequences in pieces of at most `limit` steps that overlap by half: what counts has a quarter of it on both sides, and
 * every step counts once.
 */
export const overlappingPieces = (lengths: readonly number[], limit: number): Piece[] => {
  const around = Math.floor(limit / 4)
  const stride = limit - 2 * around
  return lengths.flatMap((length, of) => {
    const count = length <= limit ? 1 : Math.ceil((length - limit) / stride) + 1
    return Array.from({ length: count }, (_, i) => {
      const [start, end] = [i * stride, Math.min(length, i * stride + limit)]
      return {
        of,
        start,
        end,
        from: i === 0 ? 0 : start + around,
        to: i === count - 1 ? length : start + limit - around,
      }
    })
  })
}
