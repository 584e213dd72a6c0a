import { ConfigurationError } from '@recurra/tensor'
import { expectBatch, type Batch } from '../data/batch.ts'
import type { ModelCall, ModelCallOptions } from './model-call.ts'

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

/**
 * The calls of a model for batches of different lengths, each planned for itself: one plan for all of them would go
 * through the padding of the longest.
 */
export class Buckets<Call extends Pick<ModelCall, 'loadBatch'>> {
  /** The call of the last batch. */
  current: Call
  readonly #ofSteps: ReadonlyMap<number, Call>

  constructor(
    { steps, buckets = [steps], sourceSteps, sourceBuckets, batch, bucketBatches, carry }: BucketsOptions,
    plan: (size: CallSize) => Call,
  ) {
    if (carry && buckets.length > 1)
      throw new ConfigurationError({
        where: 'carry',
        expected: 'batches of one length',
        got: `batches of ${buckets.join(', ')} steps`,
        fix: 'Use no buckets, or do not carry the state.',
      })
    this.#ofSteps = new Map(
      buckets.map((each, i) => [
        each,
        plan({ steps: each, batch: bucketBatches?.[i] ?? batch, sourceSteps: sourceBuckets?.[i] ?? sourceSteps }),
      ]),
    )
    this.current = this.#ofSteps.values().next().value!
  }

  /**
   * Loads a batch into the call that is planned for its steps, and returns that.
   * @throws `ConfigurationError` if none is planned for that many steps; otherwise as `loadBatch` of the call, with
   * nothing changed.
   */
  loadBatch(batch: Batch, step: number): Call {
    expectBatch(batch)
    const call = batch.steps === undefined && this.#ofSteps.size === 1 ? this.current : this.#ofSteps.get(batch.steps!)
    if (!call)
      throw new ConfigurationError({
        where: `the steps of a batch (training step ${step})`,
        expected: `one of those planned for: ${[...this.#ofSteps.keys()].join(', ')}`,
        got: String(batch.steps),
        fix: 'Name all of them in the plan: { buckets: […] }.',
      })
    call.loadBatch(batch, step)
    return (this.current = call)
  }
}
