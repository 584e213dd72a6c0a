import { sourceFor, type CallShape, type Layer, type Signal, type Source } from '@recurra/layers'
import { ConfigurationError, ShapeError, ValueError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { inputBufferOf } from './input-buffer.ts'
import { paddedStepsOf } from './padded-steps.ts'
import { fullStepsOf } from './real-steps.ts'

/** What the source of a model is planned for. */
export interface SourcePlan {
  /** Steps of the longest source; of no account where it is one vector. */
  readonly steps: number | undefined
  readonly batch: number
  readonly padded: boolean
  readonly mode: CallShape['mode']
}

/** Takes in what a model reads besides its input. */
export interface SourceBuffer {
  readonly source: Source
  /**
   * Checks the source of a batch; `present` says which of its sequences are there.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  stage(batch: Batch, present: Uint8Array, step: number): void
  /** Hands what was staged to the model. */
  write(): void
}

/**
 * Plans it.
 * @throws `ConfigurationError` if nobody says how long sources are.
 */
export const sourceBufferOf = (
  layer: Layer, { kind, size }: Signal, { steps: wanted, batch, padded, mode }: SourcePlan,
): SourceBuffer => {
  const sequences = kind !== 'vector'
  if (sequences && wanted === undefined)
    throw new ConfigurationError({
      where: 'sourceSteps',
      expected: `the steps of the longest source of ${layer.type}`,
      got: 'nothing',
      fix: 'Pass data with a source: sequences({ source, x, target }).',
    })
  const steps = sequences ? wanted! : 1
  const real = (padded ? paddedStepsOf : fullStepsOf)(layer, { what: 'sourceLengths', steps, batch, sequences })
  const source = sourceFor(layer, { steps, batch, mode, lengths: real.lengths })!
  const { value } = source.y
  const classes = kind === 'tokens' ? { size } : undefined
  const values = inputBufferOf(layer.backend, { what: 'source', shape: value.shape, steps, batch, mode, classes })
  return {
    source,
    stage({ source, sourceLengths }, present, step) {
      if (!source)
        throw new ShapeError({
          where: 'source',
          expected: 'the source of each sequence of the batch',
          got: 'none',
          fix: 'Pass batches with a source.',
        })
      real.stage(sequences ? sourceLengths : undefined) // one vector has no length
      for (let b = 0; b < present.length; b++) {
        if (present[b] === 0) real.leaveOut(b)
        else if (real.present[b] === 0)
          throw new ValueError({
            where: `sourceLengths[${b}]`,
            expected: 'at least one step for a sequence that is there',
            got: '0',
            fix: 'Drop sequences without a source.',
          })
      }
      values.stage(source, real.real, step)
    },
    write() {
      values.write(value)
      real.write()
    },
  }
}
