import { sourceFor, type CallShape, type Layer, type Signal, type Source } from '@recurra/layers'
import { ConfigurationError, ShapeError, ValueError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import { realStepsOf, type RealSteps, type RealStepsPlan } from './real-steps.ts'

/** What the source of a model is planned for. */
export interface SourcePlan {
  /** Steps of the longest source; of no account where it is one vector. */
  readonly steps: number | undefined
  readonly batch: number
  readonly padded: boolean
  readonly mode: CallShape['mode']
  readonly paddedStepsOf: RealStepsPlan['paddedStepsOf']
}

/** Takes in what a model reads besides its input. */
export class SourceBuffer {
  readonly source: Source
  readonly #values: InputBuffer
  readonly #steps: RealSteps
  readonly #sequences: boolean

  constructor(layer: Layer, { kind, size }: Signal, { steps: wanted, mode, ...plan }: SourcePlan) {
    const { batch } = plan
    const { backend } = layer
    const sequences = kind !== 'vector'
    if (sequences && wanted === undefined)
      throw new ConfigurationError({
        where: 'sourceSteps',
        expected: `the steps of the longest source of ${layer.type}`,
        got: 'nothing',
        fix: 'Pass data with a source: sequences({ source, x, target }).',
      })
    const steps = sequences ? wanted! : 1
    this.#sequences = sequences
    this.#steps = realStepsOf(layer, { what: 'sourceLengths', steps, sequences, ...plan })
    const { lengths } = this.#steps
    this.source = sourceFor(layer, { steps, batch, mode, lengths })!
    const classes = kind === 'tokens' ? { size } : undefined
    const { shape } = this.source.y.value
    this.#values = inputBufferOf(backend, { what: 'source', shape, steps, batch, mode, classes })
  }

  /**
   * Checks the source of a batch; `present` says which of its sequences are there.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  stage({ source, sourceLengths }: Batch, present: Uint8Array, step: number): void {
    if (!source)
      throw new ShapeError({
        where: 'source',
        expected: 'the source of each sequence of the batch',
        got: 'none',
        fix: 'Pass batches with a source.',
      })
    const steps = this.#steps
    steps.stage(this.#sequences ? sourceLengths : undefined) // one vector has no length
    for (let b = 0; b < present.length; b++) {
      if (present[b] === 0) steps.leaveOut(b)
      else if (steps.present[b] === 0)
        throw new ValueError({
          where: `sourceLengths[${b}]`,
          expected: 'at least one step for a sequence that is there',
          got: '0',
          fix: 'Drop sequences without a source.',
        })
    }
    this.#values.stage(source, steps.real, step)
  }

  /** Hands what was staged to the model. */
  write(): void {
    this.#values.write(this.source.y.value)
    this.#steps.write()
  }
}
