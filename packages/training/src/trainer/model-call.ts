import { after, allOf } from '@recurra/backend'
import { wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, tensorOver, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CallExtras } from './call-extras.ts'
import type { CarriedState, CarryOptions } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import { realStepsOf, type RealSteps } from './real-steps.ts'
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
const notLoaded = (): never => {
  throw new Error('A call was planned for data without what such data needs: see call-extras.ts.')
}

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
  readonly layer: Layer
  /** What the model is planned for. */
  readonly callShape: CallShape
  readonly frame: Frame
  readonly x: InputBuffer
  /** Which steps of the last batch are real. */
  readonly real: RealSteps
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  items = 0
  readonly #source: SourceBuffer | undefined
  readonly #initialState: InitialStateBuffer

  /** `plan` makes the frame, when everything else of the call is there but the states. */
  constructor(layer: Layer, options: ModelCallPlan, mode: CallShape['mode'], plan: (call: PlannedCall) => Frame) {
    const { steps, batch, padded = false, sourceSteps, carry = false, stride = steps } = options
    const { paddedStepsOf = notLoaded, sourceBufferOf = notLoaded, carriedStateOf = notLoaded } = options
    const { backend, source, in: { kind, size } } = layer
    const sequences = kind !== 'vector'
    this.layer = layer
    this.real = realStepsOf(layer, { what: 'lengths', steps, batch, padded, sequences, paddedStepsOf })
    this.#source = source && sourceBufferOf(layer, source, { steps: sourceSteps, batch, padded, mode, paddedStepsOf })
    this.callShape = { steps, batch, mode, lengths: this.real.lengths, source: this.#source?.source }
    const shape = kind === 'tokens' ? [steps * batch] : [sequences ? steps * batch : batch, size]
    const classes = kind === 'tokens' ? { size } : undefined
    this.x = inputBufferOf(backend, { what: 'x', shape, steps: sequences ? steps : 1, batch, mode, classes })
    this.frame = plan(this)
    this.#initialState = initialStateBufferOf(layer, this.frame, this.callShape, carry)
    this.carried = carry || stride < steps ? carriedStateOf(layer, this.frame, steps, { carry, stride }) : fromZero()
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
    this.checkBatch(batch, step)
    this.writeBatch()
  }

  /** Checks all of a batch, before the model sees any of it. */
  protected checkBatch(batch: Batch, step: number): void {
    const { real, x } = this
    real.stage(batch.lengths, batch.mask)
    if (batch.source && !this.#source)
      throw new ConfigurationError({
        where: 'source',
        expected: 'batches without a source',
        got: 'some with one',
        fix: 'Build the model with encoderDecoder, which reads it.',
      })
    x.stage(batch.x, real.real, step)
    this.#source?.stage(batch, real.present, step)
    this.#initialState.stage(batch.initialState, real.present, step)
  }

  /** Hands what was staged to the model; `x` is written where it is planned. */
  protected writeBatch(): void {
    const { real, carried: { repeated } } = this
    this.items = 0
    for (let b = 0; b < real.present.length; b++) this.items += real.count(b) - repeated
    this.#source?.write()
    real.write()
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
  constructor(layer: Layer, options: ModelCallPlan, mode: CallShape['mode']) {
    super(layer, options, mode, ({ callShape }) => layer.plan(wireFor(layer, callShape), callShape))
  }

  protected override writeBatch(): void {
    super.writeBatch()
    this.x.write(this.frame.x.value)
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
    return after(this.layer.backend.readAsync(tensor), (values) => tensorOver(values, shape))
  }

  /** x, initial -> y, final */
  forward(): void {
    this.frame.forward()
    this.carried.advance()
  }
}
