import { ConfigurationError, describeValue, didYouMean, type Random, type Tensor } from '@recurra/tensor'

/** What one training step reads, batch-first, in row-major order. The arrays may be refilled for the next batch. */
export interface Batch {
  /** Tokens [batch, time], features [batch, time, features], or [batch, features] where the model takes one vector. */
  readonly x: ArrayLike<number>
  /**
   * Laid out as what the model gives: classes [batch, time] or [batch], values [batch, time, features] or [batch,
   * features].
   */
  readonly target: ArrayLike<number>
  /**
   * How many steps each sequence has, [batch]; what lies beyond is padding, may hold anything, and does not count. 0 is
   * no sequence at all, as in a last batch that is not full.
   */
  readonly lengths?: ArrayLike<number> | undefined
  /**
   * In place of lengths where sequences have gaps: 1 where a step is real, 0 where it is not, [batch, time]. At such a
   * step layers keep their state and give what they gave before; its x and target may hold anything, and it does not
   * count. A sequence without a real step is no sequence at all.
   */
  readonly mask?: ArrayLike<number> | undefined
  /** For a model with a source, what each sequence is about: laid out as `x`, with steps of its own. */
  readonly source?: ArrayLike<number> | undefined
  /** How many steps each source has, [batch]; without them all are full. */
  readonly sourceLengths?: ArrayLike<number> | undefined
  /**
   * The state that recurrent layers start from, [batch, …] for each slot, such as `0.h`, as a list of all values or a
   * tensor of that shape; slots that are left out are 0, and so are all of them in a batch without it.
   */
  readonly initialState?: { readonly [slot: string]: ArrayLike<number> | Tensor } | undefined
  /** The steps of its longest sequence, where batches differ in that: one of `Data.buckets`. */
  readonly steps?: number | undefined
  /** Which of the sequences of its data it holds, by their numbers from 0: row by row, as many as there are. */
  readonly members?: readonly number[]
}

const fields: readonly string[] = [
  'x', 'target', 'lengths', 'mask', 'source', 'sourceLengths', 'initialState', 'steps', 'members',
] satisfies (keyof Batch)[]

/**
 * Checks that something is a batch. It may have more fields, but none that is nearly one of these: it would do nothing.
 * @throws `ConfigurationError` if it is not.
 */
export const expectBatch = (batch: Batch): void => {
  const fault = (expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where: 'batch', expected, got, fix })
  if (typeof batch !== 'object' || batch === null)
    throw fault('a batch, { x, target }', describeValue(batch), 'Yield batches from data.epoch().')
  for (const name in batch)
    if (!fields.includes(name)) {
      const meant = didYouMean(name, fields)
      // a mask of sources, say, which have lengths alone
      if (meant !== '' || /mask|lengths/i.test(name))
        throw fault('a known field', name, `${meant}Known: ${fields.join(', ')}.`)
    }
}

/** Where training reads from: batches of one size, epoch after epoch. */
export interface Data {
  /** The steps of the longest sequence. */
  readonly steps: number
  /** The different numbers of steps that batches have, where they differ. */
  readonly buckets?: readonly number[] | undefined
  /** The steps of the longest source, where batches come with sources. */
  readonly sourceSteps?: number | undefined
  /** For each of the `buckets`, the steps of its longest source, where they differ in that too. */
  readonly sourceBuckets?: readonly number[] | undefined
  /** How many numbers the target of a sequence has, where it is one list for the whole: labels, for `ctc`. */
  readonly targetSize?: number | undefined
  /** Sequences side by side: the most of them, where buckets differ in that. */
  readonly batch: number
  /** For each of the `buckets`, its sequences side by side, where they differ in that. */
  readonly bucketBatches?: readonly number[] | undefined
  /** Batches per epoch; `Infinity` where nobody knows. */
  readonly batches: number
  /** Whether batches come with lengths, of sequences and of sources, or with masks. */
  readonly padded: boolean
  /** Whether each batch of an epoch continues where the one before it ended, so that the state is carried over. */
  readonly carry: boolean
  /** How far each batch goes beyond the one before it, where they overlap; the loss of no step counts twice. */
  readonly stride?: number | undefined
  /**
   * The batches of one epoch, which may be a stream: in an order drawn from `random`, or always the same without it.
   */
  epoch(random?: Random): Iterable<Batch> | AsyncIterable<Batch>
}

/** Data that lies in memory, and can be looped over. */
export interface Dataset extends Data {
  /** The batches of one epoch: in an order drawn from `random`, or always the same without it. */
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
