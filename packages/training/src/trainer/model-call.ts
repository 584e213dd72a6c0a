import { after, allOf } from '@recurra/backend'
import { wireFor, type CallShape, type Layer } from '@recurra/layers'
import { tensorOver, type Tensor } from '@recurra/tensor'
import { ModelInput, type ModelCallPlan } from './model-input.ts'
import { PlannedCall } from './planned-call.ts'

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
