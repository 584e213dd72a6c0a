import { after, allOf } from '@recurra/backend'
import { wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { tensorOver, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { carriedStateOf, type CarriedState } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { ModelInput, type ModelCallPlan } from './model-input.ts'

/** What a model gave for a batch, copied. */
export interface Outputs {
  /** [time, batch, features], or [batch, features] of a model that gives one vector. */
  readonly y: Tensor
  /** Above 0 for rows that count: [time, batch], or [batch]. Default: all count. */
  readonly counts?: Tensor
}

/** A model planned for batches of one size: what a prediction works with. */
export interface PredictingCall extends Pick<ModelCall, 'load' | 'forward' | 'outputs' | 'carried'> {}

/** A model planned for batches of one size: loads their input, and goes forward. */
export class ModelCall {
  readonly frame: Frame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  items = 0
  protected readonly input: ModelInput
  readonly #layer: Layer
  readonly #initialState: InitialStateBuffer

  constructor(layer: Layer, options: ModelCallPlan, mode: CallShape['mode']) {
    const { steps, batch, carry = false } = options
    this.#layer = layer
    this.input = new ModelInput(layer, options, mode)
    const { callShape } = this.input
    this.frame = layer.plan(wireFor(layer, callShape), callShape)
    this.#initialState = initialStateBufferOf(layer, this.frame, { batch, mode }, carry)
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

  /** What the model gave for the last batch. */
  outputs(): Outputs | Promise<Outputs> {
    const { y: { value }, callShape: { lengths } } = this.frame
    const counts = lengths && this.copyOf(lengths.mask, value.shape.slice(0, -1))
    return after(allOf([this.copyOf(value), counts]), ([y, counts]) => ({ y, ...(counts && { counts }) }))
  }

  /** What a tensor holds now, seen in another shape. */
  protected copyOf(tensor: Tensor, shape: readonly number[] = tensor.shape): Tensor | Promise<Tensor> {
    return after(this.#layer.backend.readAsync(tensor), (values) => tensorOver(values, shape))
  }

  /** x, initial -> y, final */
  forward(): void {
    this.frame.forward()
    this.carried.advance()
  }
}
