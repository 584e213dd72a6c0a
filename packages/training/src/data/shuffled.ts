import type { Random } from '@recurra/tensor'

/** A copy of a list in random order; in its own order without a generator. */
export const shuffled = <T,>(list: readonly T[], random?: Random): T[] =>
  random ? random.shuffle([...list]) : [...list]
