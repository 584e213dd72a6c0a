import type { KindName, Sizes } from './kinds.ts'

/** One layer as it was chosen: its kind, its units, and its recurrent scale where that was chosen. */
export interface Choice extends Sizes {
  readonly kind: KindName
}

/** The layers of a network; those of the encoder too, where a task has a source. */
export interface Network {
  readonly encoder: readonly Choice[]
  readonly layers: readonly Choice[]
}

/** One of its stacks. */
export type Side = keyof Network

/** The place of a layer. */
export interface Place {
  readonly side: Side
  readonly at: number
}

/** Sizes that a slider offers: fine where they are small. */
export const sizes: readonly number[] = [2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
/** Recurrent scales that a slider offers: below 1 gradients vanish, above 1 they may explode. */
export const scales: readonly number[] = [0.5, 0.8, 1, 1.2, 1.3, 1.5, 2]

/** A network with one more layer before a place. */
export const insert = (network: Network, { side, at }: Place, choice: Choice): Network => ({
  ...network,
  [side]: network[side].toSpliced(at, 0, choice),
})

/** A network without the layer at a place. */
export const remove = (network: Network, { side, at }: Place): Network => ({
  ...network,
  [side]: network[side].toSpliced(at, 1),
})

/** A network whose layer at a place has another size or scale. */
export const resize = (network: Network, { side, at }: Place, change: Partial<Sizes>): Network => ({
  ...network,
  [side]: network[side].with(at, { ...network[side][at]!, ...change }),
})

/** A network whose layer stands before another place, counted as things stand now. */
export const move = (network: Network, from: Place, to: Place): Network => {
  const choice = network[from.side][from.at]!
  const behind = from.side === to.side && from.at < to.at
  return insert(remove(network, from), { side: to.side, at: behind ? to.at - 1 : to.at }, choice)
}
