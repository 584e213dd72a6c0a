import type { Frame, Layer } from '@recurra/layers'
import type { Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CarriedState } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import type { ModelCallPlan, ModelInput } from './model-input.ts'

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
    const { steps, carry = false, stride = steps, carriedStateOf } = options
    this.frame = frame
    this.input = input
    this.#initialState = initialStateBufferOf(layer, frame, input.callShape, carry)
    this.carried = carry || stride < steps ? carriedStateOf!(layer, frame, steps, { carry, stride }) : fromZero()
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
    this.items = this.input.items(this.carried.repeated)
    this.input.write()
    this.#initialState.write()
  }
}

/** Where every batch starts from a state of zero. */
const fromZero = (): CarriedState =>
  ({ repeated: 0, tensors: [], advance() {}, continueFromLast() {}, reset() {} })
