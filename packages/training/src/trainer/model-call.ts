import type { CallShape, Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CarriedState, CarryOptions } from './carried-state.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import type { AtSegment, ModelRun } from './model-run.ts'
import { fromZero, type CallExtras } from './plain-extras.ts'
import { fullStepsOf, type RealSteps } from './real-steps.ts'
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
export interface ModelCallPlan extends ModelCallOptions, CallExtras {}

/** The part of a call that a run is planned for: it reads what was staged. */
export type ModelInput = Pick<ModelCall, 'layer' | 'callShape' | 'x' | 'real'>

/** A model planned for batches of one size: takes them in, and runs. */
export class ModelCall<Run extends ModelRun = ModelRun> {
  readonly layer: Layer
  /** What the model is planned for. */
  readonly callShape: CallShape
  readonly x: InputBuffer
  /** Which steps of the last batch are real. */
  readonly real: RealSteps
  /** What runs the model. */
  readonly run: Run
  readonly initialState: InitialStateBuffer
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  readonly #source: SourceBuffer | undefined

  constructor(layer: Layer, plan: ModelCallPlan, mode: CallShape['mode'], runOf: (input: ModelInput) => Run) {
    const { steps, batch, padded = false, sourceSteps, carry = false, stride = steps } = plan
    const { backend, source, in: { kind, size } } = layer
    const sequences = kind !== 'vector'
    this.layer = layer
    this.real = (padded ? plan.paddedStepsOf : fullStepsOf)(layer, { what: 'lengths', steps, batch, sequences })
    this.#source = source && plan.sourceBufferOf(layer, source, { steps: sourceSteps, batch, padded, mode })
    this.callShape = { steps, batch, mode, lengths: this.real.lengths, source: this.#source?.source }
    const shape = kind === 'tokens' ? [steps * batch] : [sequences ? steps * batch : batch, size]
    const classes = kind === 'tokens' ? { size } : undefined
    this.x = inputBufferOf(backend, { what: 'x', shape, steps: sequences ? steps : 1, batch, mode, classes })
    this.run = runOf(this)
    this.initialState = initialStateBufferOf(layer, this.run.frame, this.callShape, carry)
    const isCarried = carry || stride < steps
    this.carried = (isCarried ? plan.carriedStateOf : fromZero)(layer, this.run.frame, steps, { carry, stride })
  }

  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  get items(): number {
    const { real, carried: { repeated } } = this
    let items = 0
    for (let b = 0; b < real.present.length; b++) items += real.count(b) - repeated
    return items
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
  stage(batch: Batch, step: number): void {
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
    this.initialState.stage(batch.initialState, real.present, step)
  }

  /** Hands what was staged to the model. */
  write(): void {
    this.#source?.write()
    this.real.write()
    this.initialState.write()
    this.run.begin()
  }

  /** x, initial -> y, final */
  forward(each?: AtSegment): void {
    this.run.forward(each)
    this.carried.advance()
  }
}
