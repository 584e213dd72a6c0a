import { Random } from 'recurra'
import type { Probe } from './task.ts'

/** A sequence with what it asks for. */
export interface Example {
  readonly x: readonly number[]
  readonly target: readonly number[]
}

/** As many examples as it takes, drawn by a seed. */
export const examples = <E>(count: number, seed: number, draw: (random: Random) => E): E[] => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => draw(random))
}

/** One that is no lesson: another for each turn. */
export const fresh = <E>(turn: number, draw: (random: Random) => E): E => draw(new Random(1_000_003 + turn))

/** A probe of symbols. */
export const symbolProbe = ({ x, target }: Example, symbols: readonly string[]): Probe => ({
  x,
  target,
  columns: x.map((token) => symbols[token]!),
})
