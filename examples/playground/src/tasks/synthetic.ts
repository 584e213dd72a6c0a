import { Random } from 'recurra'
import type { DataConfig } from 'recurra/worker'
import type { Probe } from './task.ts'

/** A sequence with its target. */
export interface Example {
  readonly x: readonly number[]
  readonly target: readonly number[]
}

const heldOutSize = 200

/** Training and held-out data of a task whose examples are drawn: the held-out ones from a seed of their own. */
export const drawnData = <E>(
  { seed, count }: { readonly seed: number; readonly count: number },
  draw: (random: Random) => E,
  configOf: (examples: readonly E[]) => DataConfig,
): { readonly data: () => DataConfig; readonly heldOut: () => DataConfig } => {
  const drawn = (length: number, from: number) => (): DataConfig => {
    const random = new Random(from)
    return configOf(Array.from({ length }, () => draw(random)))
  }
  return { data: drawn(count, seed), heldOut: drawn(heldOutSize, seed + 500_009) }
}

/** An example that is in neither: another one for each turn. */
export const fresh = <E>(turn: number, draw: (random: Random) => E): E => draw(new Random(1_000_003 + turn))

/** Examples of symbols as data. */
export const symbolData = (all: readonly Example[]): DataConfig =>
  ({ x: all.map(({ x }) => [...x]), target: all.map(({ target }) => [...target]), batch: 20 })

/** A probe of symbols. */
export const symbolProbe = ({ x, target }: Example, symbols: readonly string[]): Probe => ({
  x,
  target,
  columns: x.map((token) => symbols[token]!),
})
