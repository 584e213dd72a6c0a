import { sourceFor, type CallShape, type Layer, type Signal, type Source } from '@recurra/layers'
import { ConfigurationError, expectCount, ShapeError, ValueError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { Intake } from './intake.ts'
import { StepCounts } from './step-counts.ts'

/** What the source of a model is planned for. */
export interface SourcePlan {
  /** Steps of the longest source; of no account where it is one vector. */
  readonly steps: number | undefined
  readonly batch: number
  readonly padded: boolean
  readonly mode: CallShape['mode']
}

/** Takes in what a model reads besides its input. */
export class SourceIntake {
  readonly source: Source
  readonly #values: Intake
  readonly #counts: StepCounts
  readonly #sequences: boolean

  constructor(layer: Layer, { kind, size }: Signal, { steps: wanted, batch, padded, mode }: SourcePlan) {
    const { backend } = layer
    const sequences = kind !== 'vector'
    if (sequences && wanted === undefined)
      throw new ConfigurationError({
        where: 'sourceSteps',
        expected: `the steps of the longest source of ${layer.type}`,
        got: 'nothing',
        fix: 'Pass data with a source: sequences({ source, x, target }).',
      })
    const steps = sequences ? expectCount(wanted!, 'the source steps of a batch') : 1
    this.#sequences = sequences
    this.#counts = new StepCounts(layer, { what: 'sourceLengths', steps, batch, padded, sequences })
    const { lengths } = this.#counts
    this.source = sourceFor(layer, { steps, batch, mode, ...(lengths && { lengths }) })!
    this.#values = new Intake(backend, {
      what: 'source', to: this.source.y.value, steps, batch, ragged: sequences,
      ...(kind === 'tokens' && { classes: { size } }),
    })
  }

  /**
   * Looks at the source of a batch, whose sequences have `lengths`, 0 where there is none.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; nothing has changed then.
   */
  read({ source, sourceLengths }: Batch, lengths: Int32Array, step: number): void {
    if (!source)
      throw new ShapeError({
        where: 'source',
        expected: 'the source of each sequence of the batch',
        got: 'none',
        fix: 'Pass batches with a source.',
      })
    this.#counts.read(this.#sequences ? sourceLengths : undefined) // one vector has no length
    const { counts } = this.#counts
    for (let b = 0; b < counts.length; b++) {
      if (counts[b] === 0 && lengths[b]! > 0)
        throw new ValueError({
          where: `sourceLengths[${b}]`,
          expected: 'at least one step for a sequence that is there',
          got: '0',
          fix: 'Drop sequences without a source.',
        })
      if (lengths[b] === 0) counts[b] = 0
    }
    this.#values.read(source, counts, step)
  }

  /** Hands what was read to the model. */
  write(): void {
    this.#values.write()
    this.#counts.write()
  }
}
