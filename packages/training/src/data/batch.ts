import type { Random, Tensor } from '@recurra/tensor'

/** The input of one training step, batch-first, in row-major order. The arrays may be refilled for the next batch. */
export interface Batch {
  /**
   * Tokens [batch, time], features [batch, time, features], or [batch, features] if the input of the model is one
   * vector.
   */
  readonly x: ArrayLike<number>
  /**
   * In the layout of the model's output: classes [batch, time] or [batch], values [batch, time, features] or [batch,
   * features].
   */
  readonly target: ArrayLike<number>
  /**
   * The number of steps of each sequence, [batch]. The rest is padding: it may hold anything, and does not count. 0
   * marks an empty row, as in a last batch that is not full.
   */
  readonly lengths?: ArrayLike<number> | undefined
  /**
   * A mask in place of lengths, for sequences with gaps: 1 for a real step, 0 for a masked one, [batch, time]. At a
   * masked step, layers keep their state and repeat their output; its x and target may hold anything, and it does not
   * count. A row without a real step is empty.
   */
  readonly mask?: ArrayLike<number> | undefined
  /** For a model with a source: the source of each sequence, in the layout of `x`, with its own number of steps. */
  readonly source?: ArrayLike<number> | undefined
  /** The number of steps of each source, [batch]. Default: all have the full length. */
  readonly sourceLengths?: ArrayLike<number> | undefined
  /**
   * The initial state of recurrent layers, [batch, …] for each slot, such as `0.h`: a list of all values, or a tensor
   * of that shape. Omitted slots are 0. Default: all slots are 0.
   */
  readonly initialState?: { readonly [slot: string]: ArrayLike<number> | Tensor } | undefined
  /** The number of steps of this batch, if batches differ: one of `Data.buckets`. */
  readonly steps?: number | undefined
  /** The indices, from 0, of the sequences in this batch, one per row that is not empty. */
  readonly members?: readonly number[]
}

/** Data for training: batches of one size, epoch after epoch. */
export interface Data {
  /** The steps of the longest sequence. */
  readonly steps: number
  /** The different numbers of steps of batches, if they differ. */
  readonly buckets?: readonly number[] | undefined
  /** The steps of the longest source, if batches have sources. */
  readonly sourceSteps?: number | undefined
  /** For each of the `buckets`, the steps of its longest source, if these differ too. */
  readonly sourceBuckets?: readonly number[] | undefined
  /** The size of the target of a sequence, if it is one list per sequence: labels, for `ctc`. */
  readonly targetSize?: number | undefined
  /** Sequences per batch; the maximum, if buckets differ. */
  readonly batch: number
  /** For each of the `buckets`, its sequences per batch, if these differ. */
  readonly bucketBatches?: readonly number[] | undefined
  /** Batches per epoch; `Infinity` if unknown. */
  readonly batches: number
  /** Whether batches have lengths, of sequences and of sources, or masks. */
  readonly padded: boolean
  /** Whether each batch of an epoch continues the previous one, so that the state is carried over. */
  readonly carry: boolean
  /** The number of new steps per batch, if batches overlap. The loss of no step counts twice. */
  readonly stride?: number | undefined
  /** The batches of one epoch, possibly as a stream: shuffled by `random`, or in a fixed order without it. */
  epoch(random?: Random): Iterable<Batch> | AsyncIterable<Batch>
}

/** Data in memory, which can be iterated synchronously. */
export interface Dataset extends Data {
  /** The batches of one epoch: shuffled by `random`, or in a fixed order without it. */
  epoch(random?: Random): Iterable<Batch>
}

/** What is planned for such data. */
export const planFor = (
  { steps, buckets, sourceSteps, sourceBuckets, targetSize, batch, bucketBatches, padded, carry, stride }: Data,
): Omit<Data, 'batches' | 'epoch'> =>
  ({ steps, buckets, sourceSteps, sourceBuckets, targetSize, batch, bucketBatches, padded, carry, stride })

/** How data is cut into batches. */
export type DataLayout = Omit<Data, 'epoch' | 'targetSize'>

/** How data is cut, to compare. */
export const layoutOf = (data: Data): DataLayout => {
  const { targetSize: _, ...plan } = planFor(data)
  return { ...plan, batches: data.batches }
}
