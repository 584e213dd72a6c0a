import type { Program } from '@recurra/formula'
import { four, one, type Width } from './operands.ts'
import { weightOf } from './weight.ts'

/** So many vectors at once, as often as they fit. */
export interface UnrollTier {
  readonly width: Width
  readonly vectors: number
}

// Instructions for each vector: a body of so few waits for the loop, or for its own results, more than for the machine.
const [light, middling] = [8, 40]

/**
 * The loops that together go over a row: some vectors at a time where little is computed, then one by one, then what is
 * left.
 */
export const unrollTiers = (program: Program): readonly UnrollTier[] => {
  const weight = weightOf(program)
  const vectors = weight <= light ? 4 : weight <= middling ? 2 : 1
  return [...(vectors > 1 ? [{ width: four, vectors }] : []), { width: four, vectors: 1 }, { width: one, vectors: 1 }]
}
