import type { CallShape, Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { CallLoss, CallLossOptions } from './call-loss.ts'
import type { CarriedState, CarryOptions } from './carried-state.ts'
import type { UpdateScalars } from './decision.ts'
import { initialStateBufferOf, type InitialStateBuffer } from './initial-state-buffer.ts'
import { inputBufferOf, type InputBuffer } from './input-buffer.ts'
import type { ModelRun, TrainableRun } from './model-run.ts'
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

/** The same, with the loss of a training or an evaluation. */
export interface ScoringCallPlan extends ModelCallPlan, CallLossOptions {}

/** The part of a call that a run is planned for: it reads what was staged. */
export type ModelInput = Pick<ModelCall, 'layer' | 'callShape' | 'x' | 'real'>

/** The part of a call that its loss is planned for. */
export type ScoredModel<Run extends ModelRun = ModelRun> = ModelInput & Pick<ModelCall<Run>, 'run' | 'carried'>

/** A model and its loss. */
export type ScoringCall = ModelCall<ModelRun, CallLoss>

/** The call of a training step. */
export type TrainingCall = ModelCall<TrainableRun, CallLoss<UpdateScalars>>

/** A model, with a loss or without, planned for batches of one size: takes them in, and runs. */
export class ModelCall<Run extends ModelRun = ModelRun, Loss extends CallLoss | undefined = CallLoss | undefined> {
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
  readonly loss: Loss
  readonly #source: SourceBuffer | undefined

  constructor(
    layer: Layer, plan: ModelCallPlan, mode: CallShape['mode'],
    runOf: (input: ModelInput) => Run, lossOf: (model: ScoredModel<Run>) => Loss,
  ) {
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
    this.loss = lossOf(this)
  }

  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  get items(): number {
    const { real, carried: { repeated } } = this
    let items = 0
    for (let b = 0; b < real.present.length; b++) items += real.count(b) - repeated
    return items
  }

  /**
   * Loads a batch, once all of it was checked; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  loadBatch(batch: Batch, step: number): void {
    const { x, real, run, initialState, loss } = this
    real.stage(batch.lengths, batch.mask)
    if (batch.source && !this.#source) throw refuseSource()
    x.stage(batch.x, real.real, step)
    this.#source?.stage(batch, real.present, step)
    initialState.stage(batch.initialState, real.present, step)
    loss?.stage(batch, step)

    this.#source?.write()
    real.write()
    initialState.write()
    if (run.x) x.write(run.x)
    loss?.write()
  }

  /** x, initial, target -> y, final, and the scalars of the loss */
  forward(): void {
    const { run, carried, loss } = this
    run.forward(loss?.forwardAt)
    carried.advance()
    loss?.forward()
  }

  /** Adds to the gradients of the parameters a share of what those of this batch would be by itself. */
  backward(this: TrainingCall, share: number): void {
    this.loss.backward(share)
    this.run.backward(this.loss.backwardAt)
  }

  /** What the batch leaves, once its step has succeeded: the state for the next one, and running statistics. */
  commit(this: TrainingCall): void {
    this.carried.continueFromLast()
    this.run.commit()
  }
}

const refuseSource = (): ConfigurationError =>
  new ConfigurationError({
    where: 'source',
    expected: 'batches without a source',
    got: 'some with one',
    fix: 'Build the model with encoderDecoder, which reads it.',
  })
