import { wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers'
import type { Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { carriedStateOf, type CarriedState } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { ModelInput, type ModelCallOptions } from './model-input.ts'

/** A model planned for batches of one size: loads their input, and goes forward. */
export class ModelCall {
  readonly frame: Frame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  items = 0
  protected readonly input: ModelInput
  readonly #initialState: InitialStateBuffer

  constructor(layer: Layer, options: ModelCallOptions, mode: CallShape['mode']) {
    const { steps, batch, carry = false } = options
    this.input = new ModelInput(layer, options, mode)
    const { callShape } = this.input
    this.frame = layer.plan(wireFor(layer, callShape), callShape)
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
    this.input.stage(batch, step)
    this.#initialState.stage(batch.initialState, this.input.steps.present, step)
  }

  /** Hands what was staged to the model. */
  protected write(): void {
    const { input } = this
    this.items = input.items(this.carried.repeated)
    input.x.write(this.frame.x.value)
    input.write()
    this.#initialState.write()
  }

  /** x, initial -> y, final */
  forward(): void {
    this.frame.forward()
    this.carried.advance()
  }
}
