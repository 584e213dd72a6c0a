import { after, allOf } from '@recurra/backend'
import { wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { tensorOver, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CarriedState } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { ModelInput, notLoaded, type ModelCallPlan } from './model-input.ts'

/** What a model gave for a batch, copied. */
export interface Outputs {
  /** [time, batch, features], or [batch, features] of a model that gives one vector. */
  readonly y: Tensor
  /** Above 0 for rows that count: [time, batch], or [batch]. Default: all count. */
  readonly counts?: Tensor
}

/** Layers with their paths and frames, in the order in which they run. */
export type LayerFrames = readonly (readonly [path: string, layer: Layer, frame: Frame])[]

/** The layers inside a model, without the containers around them. */
export const framesOf = (layer: Layer, frame: Frame, path = ''): LayerFrames =>
  layer.parts?.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, path === '' ? name : `${path}.${name}`),
  ) ?? [[path, layer, frame]]

/** A model planned for batches of one size, at once or segment after segment: how batches come in. */
export abstract class PlannedCall {
  readonly frame: Frame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  items = 0
  protected readonly input: ModelInput
  readonly #initialState: InitialStateBuffer

  constructor(layer: Layer, options: ModelCallPlan, input: ModelInput, frame: Frame) {
    const { steps, carry = false, stride = steps, carriedStateOf = notLoaded } = options
    this.frame = frame
    this.input = input
    this.#initialState = initialStateBufferOf(layer, frame, input.callShape, carry)
    this.carried = carry || stride < steps ? carriedStateOf(layer, frame, steps, { carry, stride }) : fromZero()
  }

  /** d loss / d initial state of the last batch, [batch, …] for each slot. */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#initialState.gradients
  }

  /**
   * Loads a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  loadBatch(batch: Batch, step: number): void {
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
    this.items = this.input.items(this.carried.repeated)
    this.input.write()
    this.#initialState.write()
  }
}

/** Where every batch starts from a state of zero. */
const fromZero = (): CarriedState =>
  ({ repeated: 0, tensors: [], advance() {}, continueFromLast() {}, reset() {} })

/** A model planned for batches of one size: what a prediction works with. */
export interface PredictingCall extends Pick<ModelCall, 'loadBatch' | 'forward' | 'outputs' | 'carried'> {}

/** A model planned for batches of one size: loads their input, and goes forward. */
export class ModelCall extends PlannedCall {
  readonly #layer: Layer

  constructor(layer: Layer, options: ModelCallPlan, mode: CallShape['mode']) {
    const input = new ModelInput(layer, options, mode)
    super(layer, options, input, layer.plan(wireFor(layer, input.callShape), input.callShape))
    this.#layer = layer
  }

  protected override write(): void {
    super.write()
    this.input.x.write(this.frame.x.value)
  }

  /** What the model gave for the last batch. */
  outputs(): Outputs | Promise<Outputs> {
    const { y: { value }, callShape } = this.frame
    // What a layer masks is no padding: there, a model gives what it gives elsewhere.
    const lengths = callShape.lengths?.ofBatch
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
