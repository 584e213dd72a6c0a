import type { CallShape, Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CarryOptions } from './carried-state.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import { realStepsOf, type RealSteps } from './real-steps.ts'
import type { CallExtras } from './call-extras.ts'
import type { SourceBuffer } from './source-buffer.ts'

/** What a call of a model is planned for. */
export interface ModelCallOptions extends CarryOptions {
  /** Steps of the longest sequence. */
  readonly steps: number
  /** Sequences side by side. */
  readonly batch: number
  /** Whether batches come with lengths. Default: false. */
  readonly padded?: boolean | undefined
  /** Steps of the longest source, for a model that has one. Default: no source. */
  readonly sourceSteps?: number | undefined
}

/** The same, with what only some data needs. */
export interface ModelCallPlan extends ModelCallOptions, Partial<CallExtras> {}

/** What data needs, and nobody has loaded: a fault of the program. */
export const notLoaded = (): never => {
  throw new Error('A call was planned for data without what such data needs: see call-extras.ts.')
}

/** Takes in what a model reads of a batch. */
export class ModelInput {
  /** What the model is planned for. */
  readonly callShape: CallShape
  /** Which steps of the batch are real. */
  readonly steps: RealSteps
  readonly x: InputBuffer
  readonly #source: SourceBuffer | undefined

  constructor(layer: Layer, options: ModelCallPlan, mode: CallShape['mode']) {
    const { steps, batch, padded = false, sourceSteps } = options
    const { paddedStepsOf = notLoaded, sourceBufferOf = notLoaded } = options
    const { backend, source, in: { kind, size } } = layer
    const sequences = kind !== 'vector'
    this.steps = realStepsOf(layer, { what: 'lengths', steps, batch, padded, sequences, paddedStepsOf })
    this.#source =
      source && sourceBufferOf(layer, source, { steps: sourceSteps, batch, padded, mode, paddedStepsOf })
    this.callShape = { steps, batch, mode, lengths: this.steps.lengths, source: this.#source?.source }
    const shape = kind === 'tokens' ? [steps * batch] : [sequences ? steps * batch : batch, size]
    const classes = kind === 'tokens' ? { size } : undefined
    this.x = inputBufferOf(backend, { what: 'x', shape, steps: sequences ? steps : 1, batch, mode, classes })
  }

  /**
   * Checks all of a batch, before the model sees any of it; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  stage(batch: Batch, step: number): void {
    this.steps.stage(batch.lengths, batch.mask)
    if (batch.source && !this.#source)
      throw new ConfigurationError({
        where: 'source',
        expected: 'batches without a source',
        got: 'some with one',
        fix: 'Build the model with encoderDecoder, which reads it.',
      })
    this.x.stage(batch.x, this.steps.real, step)
    this.#source?.stage(batch, this.steps.present, step)
  }

  /** Shows the model the source and the lengths; `x` is written where it is planned. */
  write(): void {
    this.#source?.write()
    this.steps.write()
  }

  /** Real steps of all sequences, without the first `repeated` of each; of vectors, how many. */
  items(repeated: number): number {
    const { steps } = this
    let items = 0
    for (let b = 0; b < steps.present.length; b++) items += steps.count(b) - repeated
    return items
  }
}
