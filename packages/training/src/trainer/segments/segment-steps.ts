import { sumBlock } from '@recurra/backend'

/** At which intervals states are kept: a number of steps, or 'auto' for about √steps. */
export type Recompute = 'auto' | number

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/**
 * The steps of each segment. Where nothing else is asked for there are about √steps of them: the memory for the states
 * between them and that for the activations of one, which is all that is kept, then grow alike (Chen et al. 2016). All
 * but the first have a multiple of `sumBlock` rows, so that sums have the same bits as without segments, and the first
 * has at least that many.
 */
export const segmentSteps = (recompute: Recompute, steps: number, batch: number): readonly number[] => {
  const unit = sumBlock / commonDivisor(sumBlock, batch)
  const asked = recompute === 'auto' ? Math.sqrt(steps) : recompute
  const each = Math.ceil(asked / unit) * unit
  const whole = Math.floor(steps / each)
  const rest = steps - whole * each
  const others = Array.from({ length: whole }, () => each)
  if (rest === 0) return others
  if (whole > 0 && rest * batch < sumBlock) return [rest + each, ...others.slice(1)]
  return [rest, ...others]
}
