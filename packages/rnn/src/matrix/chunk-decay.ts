import type { Traced } from './tape.ts'

/** What decays do within one chunk of C steps. Every factor lies within [0, 1], so that nothing overflows. */
export interface ChunkDecay {
  /**
   * Σ left_i · right_j, each channel decayed from step j to step i: [groups, C, C]. With `inclusive`, the decay of step
   * i counts, and j = i is there; without, left_i sees the state before step i: j < i.
   */
  scores(left: Traced, right: Traced, inclusive: boolean): Traced
  /** left_i, decayed from the state before the chunk to step i: [groups, C, keys]. */
  fromStart(left: Traced, inclusive: boolean): Traced
  /** right_j, decayed from step j to the end of the chunk: [groups, C, keys]. */
  toEnd(right: Traced): Traced
  /** next = state, decayed by the whole chunk: [groups, keys, values]. */
  carry(next: Traced, state: Traced): void
}
