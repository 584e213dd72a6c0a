import type { Program } from '@recurra/formula'
import { four, one, type Width } from './operands.ts'
import { weightOf } from './weight.ts'

/** This many vectors at once, as often as they fit. */
export interface UnrollTier {
  readonly width: Width
  readonly vectors: number
}

// Instructions per vector: a body this short spends more time on the loop, or waiting for its own results, than
// computing.
const [light, middling] = [8, 40]

/**
 * The loops that together traverse a row: several vectors at a time if little is computed, then one by one, then the
 * remainder.
 */
export const unrollTiers = (program: Program): readonly UnrollTier[] => {
  const weight = weightOf(program)
  const vectors = weight <= light ? 4 : weight <= middling ? 2 : 1
  return [...(vectors > 1 ? [{ width: four, vectors }] : []), { width: four, vectors: 1 }, { width: one, vectors: 1 }]
}
