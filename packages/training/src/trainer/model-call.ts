import { wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { carriedStateOf, type CarriedState, type CarryOptions } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import { realStepsOf, type RealSteps } from './real-steps.ts'
import { SourceBuffer } from './source-buffer.ts'

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

/** A model planned for batches of one size: loads their input, and goes forward. */
export class ModelCall {
  readonly frame: Frame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  items = 0
  /** Which steps of the last batch are real. */
  protected readonly steps: RealSteps
  readonly #x: InputBuffer
  readonly #source: SourceBuffer | undefined
  readonly #initialState: InitialStateBuffer

  constructor(layer: Layer, options: ModelCallOptions, mode: CallShape['mode']) {
    const { steps, batch, padded = false, carry = false, sourceSteps } = options
    const { backend, source, in: { kind, size } } = layer
    const sequences = kind !== 'vector'
    this.steps = realStepsOf(layer, { what: 'lengths', steps, batch, padded, sequences })
    const { lengths } = this.steps
    this.#source = source && new SourceBuffer(layer, source, { steps: sourceSteps, batch, padded, mode })
    const callShape = { steps, batch, mode, lengths, source: this.#source?.source }
    this.frame = layer.plan(wireFor(layer, callShape), callShape)
    const classes = kind === 'tokens' ? { size } : undefined
    const to = this.frame.x.value
    this.#x = inputBufferOf(backend, { what: 'x', to, steps: sequences ? steps : 1, batch, classes })
    this.#initialState = initialStateBufferOf(layer, this.frame, batch, carry)
    this.carried = carriedStateOf(layer, this.frame, steps, options)
  }

  /** d loss / d initial state of the last batch, [batch, …] for each slot. */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#initialState.gradients
  }

  /**
   * Loads a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  load(batch: Batch, step: number): void {
    this.stage(batch, step)
    this.write()
  }

  /** Checks all of a batch, before the model sees any of it. */
  protected stage(batch: Batch, step: number): void {
    const { steps } = this
    steps.stage(batch.lengths, batch.mask)
    if (batch.source && !this.#source)
      throw new ConfigurationError({
        where: 'source',
        expected: 'batches without a source',
        got: 'some with one',
        fix: 'Build the model with encoderDecoder, which reads it.',
      })
    this.#x.stage(batch.x, steps.real, step)
    this.#source?.stage(batch, steps.present, step)
    this.#initialState.stage(batch.initialState, steps.present, step)
  }

  /** Hands what was staged to the model. */
  protected write(): void {
    const { steps, carried: { repeated } } = this
    this.items = 0
    for (let b = 0; b < steps.present.length; b++) this.items += steps.count(b) - repeated
    this.#x.write()
    this.#source?.write()
    steps.write()
    this.#initialState.write()
  }

  /** x, initial -> y, final */
  forward(): void {
    this.frame.forward()
    this.carried.advance()
  }
}
