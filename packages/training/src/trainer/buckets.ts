import { ConfigurationError, describeValue, didYouMean } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { ModelCallOptions } from './model-call.ts'

/** What the calls of a model are planned for. */
export interface BucketsOptions extends ModelCallOptions {
  /** The different numbers of steps that batches have, if they differ. Default: all have the same. */
  readonly buckets?: readonly number[] | undefined
  /** The steps of the sources that come with each of them, if those differ too. Default: all have `sourceSteps`. */
  readonly sourceBuckets?: readonly number[] | undefined
  /** How many sequences side by side each of them has, if they differ in that. Default: all have `batch`. */
  readonly bucketBatches?: readonly number[] | undefined
}

/** What one of them is planned for: steps, and sequences side by side. */
export type CallSize = Pick<ModelCallOptions, 'steps' | 'sourceSteps' | 'batch'>

/** The calls of a model for batches of different lengths. */
export interface Buckets<Call> {
  /** The call of the last batch. */
  current: Call
  /**
   * The call that is planned for the steps of a batch.
   * @throws `ConfigurationError` if it is no batch, or none is planned for that many steps; `step` is named then.
   */
  callFor(batch: Batch, step: number): Call
}

/**
 * Plans each call for itself: one plan for all of them would go through the padding of the longest.
 * @throws `ConfigurationError` if the state is carried between batches of different lengths.
 */
export const bucketsOf = <Call>(
  { steps, buckets = [steps], sourceSteps, sourceBuckets, batch, bucketBatches, carry }: BucketsOptions,
  plan: (size: CallSize) => Call,
): Buckets<Call> => {
  if (carry && buckets.length > 1)
    throw new ConfigurationError({
      where: 'carry',
      expected: 'batches of one length',
      got: `batches of ${buckets.join(', ')} steps`,
      fix: 'Use no buckets, or do not carry the state.',
    })
  const calls = new Map(buckets.map((each, i) => [
    each, plan({ steps: each, batch: bucketBatches?.[i] ?? batch, sourceSteps: sourceBuckets?.[i] ?? sourceSteps }),
  ]))
  const [first] = calls.values()
  const only = calls.size === 1 ? first : undefined
  return {
    current: first!,
    callFor(batch, step) {
      expectBatch(batch)
      const call = batch.steps === undefined ? only : calls.get(batch.steps)
      if (call) return call
      throw new ConfigurationError({
        where: `the steps of a batch (training step ${step})`,
        expected: `one of those planned for: ${[...calls.keys()].join(', ')}`,
        got: String(batch.steps),
        fix: 'Name all of them in the plan: { buckets: […] }.',
      })
    },
  }
}

const fields: readonly string[] = [
  'x', 'target', 'lengths', 'mask', 'source', 'sourceLengths', 'initialState', 'steps', 'members',
] satisfies (keyof Batch)[]

/**
 * Checks that something is a batch. It may have more fields, but none that is nearly one of these: it would do nothing.
 * @throws `ConfigurationError` if it is not.
 */
const expectBatch = (batch: Batch): void => {
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
