import { ConfigurationError } from '@recurra/tensor'
import { expectBatch, type Batch } from '../data/batch.ts'
import type { ModelPassOptions } from './model-pass.ts'

/** What the passes through a model are planned for. */
export interface PassesOptions extends ModelPassOptions {
  /** The different numbers of steps that batches have, if they differ. */
  readonly buckets?: readonly number[]
  /** The steps of the sources that come with each of them, if those differ too. */
  readonly sourceBuckets?: readonly number[]
  /** How many sequences side by side each of them has, if they differ in that. */
  readonly bucketBatches?: readonly number[]
}

/** What one of them is planned for: steps, and sequences side by side. */
type Size = Pick<ModelPassOptions, 'steps' | 'sourceSteps' | 'batch'>

/**
 * The passes through a model of batches of different lengths, each planned for itself: one plan for all of them would
 * go through the padding of the longest.
 */
export class Passes<Pass extends { read(batch: Batch, step: number): void }> {
  /** The one that the last batch went through. */
  current: Pass
  readonly #ofSteps: ReadonlyMap<number, Pass>

  constructor(
    { steps, buckets = [steps], sourceSteps, sourceBuckets, batch, bucketBatches, carry }: PassesOptions,
    plan: (size: Size) => Pass,
  ) {
    if (carry && buckets.length > 1)
      throw new ConfigurationError({
        where: 'carry',
        expected: 'batches of one length',
        got: `batches of ${buckets.join(', ')} steps`,
        fix: 'Use no buckets, or do not carry the state.',
      })
    this.#ofSteps = new Map(
      buckets.map((each, i) => {
        const longestSource = sourceBuckets?.[i] ?? sourceSteps
        const side = bucketBatches?.[i] ?? batch
        return [
          each,
          plan({ steps: each, batch: side, ...(longestSource !== undefined && { sourceSteps: longestSource }) }),
        ]
      }),
    )
    this.current = this.#ofSteps.values().next().value!
  }

  /**
   * Takes a batch in, and answers with the pass that is planned for it.
   * @throws `ConfigurationError` if none is planned for so many steps; otherwise as the pass, with nothing changed.
   */
  read(batch: Batch, step: number): Pass {
    expectBatch(batch)
    const pass = batch.steps === undefined && this.#ofSteps.size === 1 ? this.current : this.#ofSteps.get(batch.steps!)
    if (!pass)
      throw new ConfigurationError({
        where: `the steps of a batch (training step ${step})`,
        expected: `one of those planned for: ${[...this.#ofSteps.keys()].join(', ')}`,
        got: String(batch.steps),
        fix: 'Name all of them in the plan: { buckets: […] }.',
      })
    pass.read(batch, step)
    return (this.current = pass)
  }
}
