import { after, allOf, type Kernel, type ReadBack } from '@recurra/backend'
import { requiresGradient, type CallShape, type Frame, type Layer, type Lengths } from '@recurra/layers/authoring'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import type { CarriedState } from './carried-state.ts'
import { scalingOf } from './gradients.ts'
import { targetBufferOf, type TargetBuffer } from './input-buffer.ts'
import { framesOf, ModelCall, type LayerFrames, type ModelCallPlan, type Outputs } from './model-call.ts'

/** What a call of a model and its loss is planned for. */
export interface LossCallOptions extends ModelCallPlan {
  /** What is minimized. */
  readonly loss: Loss
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
  /** What is read back with the loss, after its scalars. */
  readonly readWithLoss?: readonly Tensor[]
}

/** A model and its loss, planned for batches of one size: what an evaluation works with. */
export interface ScoringCall {
  readonly loss: LossFrame
  /** Where the next batch starts from. */
  readonly carried: CarriedState
  /** Steps of all sequences of the last batch that were in no batch before, without padding; of vectors, how many. */
  readonly items: number
  /** Reads what the loss came to, and what is to be read with it. */
  readonly readBack: ReadBack
  /** What a mean divides by, once it was read back. */
  readonly count: number
  /**
   * Loads a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; then nothing has changed.
   */
  loadBatch(batch: Batch, step: number): void
  /** x, initial -> final, and what `readBack` reads. */
  computeLoss(): void
  /** What the model gave for the last batch. */
  outputs(): Required<Outputs> | Promise<Required<Outputs>>
}

/** The same in training: what a training step works with. */
export interface TrainingCall extends ScoringCall {
  readonly frame: Frame
  /** d loss / d initial state of the last batch, [batch, …] for each slot. */
  readonly initialStateGradients: { readonly [slot: string]: Tensor }
  /** The loss, once it was read back. */
  readonly value: number
  /** The gradients of the next backward pass become a share of what they would be. */
  scale(share: number): void
  /** Adds to the gradients of the parameters. */
  backward(): void
  /** What the batch leaves, once its step has succeeded: the state for the next one, and running statistics. */
  commit(): void
  /** What the layers computed in the last forward pass, part by part: each is there until the next is asked for. */
  readonly computed: Iterable<LayerFrames>
}

/** A model and its loss, planned for batches of one size. */
export class LossCall extends ModelCall implements TrainingCall {
  readonly loss: LossFrame
  readonly readBack: ReadBack
  readonly scale: (share: number) => void
  readonly #target: TargetBuffer
  readonly #mask: Tensor | undefined
  /** Lengths that are known only when the model has gone forward. */
  readonly #computed: Lengths | undefined
  readonly #commits: readonly Kernel[]

  constructor(layer: Layer, { loss, readWithLoss = [], ...options }: LossCallOptions, mode: CallShape['mode']) {
    super(layer, options, mode)
    const { backend } = layer
    const { batch, padded = false, stride = options.steps } = options
    const { y, callShape } = this.frame
    const rows = batch * (layer.out.kind === 'vector' ? 1 : callShape.steps)
    this.#computed = callShape.lengths?.computed ? callShape.lengths : undefined
    this.#mask = padded || this.#computed || stride < options.steps ? backend.zeros([rows]) : undefined
    this.loss = loss.plan(backend, y, this.#mask, options.targetSize)
    this.readBack = backend.readBack([...this.loss.scalars, ...readWithLoss])
    if (this.loss.perSequence && stride < options.steps)
      throw new ConfigurationError({
        where: 'stride',
        expected: 'a loss with a target for every step, where windows overlap',
        got: `${loss.type}, with one for the whole sequence`,
        fix: 'Let windows begin where the ones before end.',
      })
    this.#target = targetBufferOf(layer, callShape, this.loss, this.loss.target.shape)
    this.#commits = framesOf(layer, this.frame).flatMap(([, , { commit }]) => commit ?? [])
    this.scale = scalingOf(backend, requiresGradient(y) ? [y.grad] : [])
  }

  protected override checkBatch(batch: Batch, step: number): void {
    super.checkBatch(batch, step)
    this.#target.stage(batch, this.real, step)
  }

  protected override writeBatch(): void {
    super.writeBatch()
    const { backend } = this.layer
    backend.write(this.loss.target, this.#target.staged)
    if (this.#mask) backend.write(this.#mask, this.#target.counted(this.real, this.carried.repeated))
  }

  /** x, initial -> y, final, y.grad and what `readBack` reads. */
  computeLoss(): void {
    this.forward()
    this.#countComputed()
    this.loss.forward()
    this.loss.backward()
  }

  #countComputed(): void {
    if (!this.#mask || !this.#computed) return
    const counted = this.#target.counted(this.real, this.carried.repeated)
    for (let row = 0; row < counted.length; row++) if (!this.#computed.isReal(row)) counted[row] = 0
    this.layer.backend.write(this.#mask, counted)
  }

  commit(): void {
    this.carried.continueFromLast()
    for (let i = 0; i < this.#commits.length; i++) this.#commits[i]!(0)
  }

  backward(): void {
    this.frame.backward()
  }

  override outputs(): Required<Outputs> | Promise<Required<Outputs>> {
    const { y: { value } } = this.frame
    const counts = this.copyOf(this.loss.mask, value.shape.slice(0, -1))
    return after(allOf([this.copyOf(value), counts]), ([y, counts]) => ({ y, counts }))
  }

  get value(): number {
    return this.loss.value(this.readBack.values)
  }

  get count(): number {
    return this.readBack.values[1]!
  }

  get computed(): Iterable<LayerFrames> {
    return [framesOf(this.layer, this.frame)]
  }
}
