import type { Random } from '@recurra/tensor'

/** The sequences of one batch. */
export interface IndexBatch {
  /** The steps for which the batch has room. */
  readonly steps: number
  /** Which sequences, as many as fit or fewer. */
  readonly members: readonly number[]
}

/** A way of putting sequences together to batches. */
export interface IndexBatches {
  /** Batches per epoch. */
  readonly count: number
  /** The different steps of batches, ascending. */
  readonly steps: readonly number[]
  /** For each of them, the sequences side by side. */
  readonly batches: readonly number[]
  /** The batches of an epoch, redrawn from `random`, or always the same without it. */
  epoch(random?: Random): readonly IndexBatch[]
}

/** Members in their order, `batch` at a time; the last batch may have fewer. */
export const cut = (members: readonly number[], batch: number, steps: number): IndexBatch[] =>
  Array.from({ length: Math.ceil(members.length / batch) }, (_, i) => ({
    steps,
    members: members.slice(i * batch, (i + 1) * batch),
  }))

/** Batches with room for the longest sequence, of members that `draw` puts into order. */
export const evenIndexBatches = (
  lengths: readonly number[],
  batch: number,
  draw: (random?: Random) => readonly number[],
): IndexBatches => {
  const steps = lengths.reduce((most, one) => Math.max(most, one))
  return {
    count: Math.ceil(lengths.length / batch),
    steps: [steps],
    batches: [batch],
    epoch: (random) => cut(draw(random), batch, steps),
  }
}

/** A copy of a list in random order; in its own order without a generator. */
export const shuffled = <T,>(list: readonly T[], random?: Random): T[] => random ? random.shuffle([...list]) : [...list]
