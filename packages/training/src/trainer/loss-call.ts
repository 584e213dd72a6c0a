import { after, allOf, type Kernel, type ReadBack } from '@recurra/backend'
import { requiresGradient, type CallShape, type Layer, type Lengths } from '@recurra/layers/authoring'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import { framesOf, type LayerFrames } from './frames-of.ts'
import { scalingOf } from './gradients.ts'
import { ModelCall, type Outputs } from './model-call.ts'
import type { ModelCallPlan } from './model-input.ts'
import { targetBufferOf, type TargetBuffer } from './target-buffer.ts'
import type { TrainingCall } from './training-call.ts'

/** What a call of a model and its loss is planned for. */
export interface LossCallOptions extends ModelCallPlan {
  /** What is minimized. */
  readonly loss: Loss
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
  /** What is read back with the loss, after its scalars. */
  readonly readWithLoss?: readonly Tensor[]
}

/** A model and its loss, planned for batches of one size. */
export class LossCall extends ModelCall implements TrainingCall {
  readonly loss: LossFrame
  readonly readBack: ReadBack
  readonly scale: (share: number) => void
  readonly #layer: Layer
  readonly #target: TargetBuffer
  readonly #mask: Tensor | undefined
  /** Lengths that are known only when the model has gone forward. */
  readonly #computed: Lengths | undefined
  readonly #commits: readonly Kernel[]

  constructor(layer: Layer, { loss, readWithLoss = [], ...options }: LossCallOptions, mode: CallShape['mode']) {
    super(layer, options, mode)
    const { backend } = layer
    this.#layer = layer
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

  protected override stage(batch: Batch, step: number): void {
    super.stage(batch, step)
    this.#target.stage(batch, this.input.steps, step)
  }

  protected override write(): void {
    super.write()
    const { backend } = this.#layer
    backend.write(this.loss.target, this.#target.staged)
    if (this.#mask) backend.write(this.#mask, this.#target.counted(this.input.steps, this.carried.repeated))
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
    const counted = this.#target.counted(this.input.steps, this.carried.repeated)
    for (let row = 0; row < counted.length; row++) if (!this.#computed.isReal(row)) counted[row] = 0
    this.#layer.backend.write(this.#mask, counted)
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
    return [framesOf(this.#layer, this.frame)]
  }
}
