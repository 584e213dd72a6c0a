import type { Kernel, ReadBack } from '@recurra/backend'
import { requiresGradient, type CallShape, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import { framesOf } from './frames-of.ts'
import { scalingOf } from './gradients.ts'
import { ModelCall, type ModelCallOptions } from './model-call.ts'
import { targetBufferOf, type TargetBuffer } from './target-buffer.ts'

/** What a call of a model and its loss is planned for. */
export interface LossCallOptions extends ModelCallOptions {
  /** What is minimized. */
  readonly loss: Loss
  /** How many values the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number | undefined
  /** What is read back with the loss, after its scalars. */
  readonly readWithLoss?: readonly Tensor[]
}

/** A model and its loss, planned for batches of one size. */
export class LossCall extends ModelCall {
  readonly loss: LossFrame
  /** Reads what the loss came to, and what is to be read with it. */
  readonly readBack: ReadBack
  /** The gradient of y becomes a share of what the loss made it. */
  readonly scale: (share: number) => void
  readonly #target: TargetBuffer
  readonly #commits: readonly Kernel[]

  constructor(layer: Layer, { loss, readWithLoss = [], ...options }: LossCallOptions, mode: CallShape['mode']) {
    super(layer, options, mode)
    const { backend } = layer
    const { batch, padded = false, stride = options.steps } = options
    const { y, callShape } = this.frame
    const rows = batch * (layer.out.kind === 'vector' ? 1 : callShape.steps)
    const mask = padded || stride < options.steps ? backend.zeros([rows]) : undefined
    this.loss = loss.plan(backend, y, mask, options.targetSize)
    this.readBack = backend.readBack([...this.loss.scalars, ...readWithLoss])
    if (this.loss.perSequence && stride < options.steps)
      throw new ConfigurationError({
        where: 'stride',
        expected: 'a loss with a target for every step, where windows overlap',
        got: `${loss.type}, with one for the whole sequence`,
        fix: 'Let windows begin where the ones before end.',
      })
    this.#target = targetBufferOf(layer, this.frame, this.loss, mask)
    this.#commits = framesOf(layer, this.frame).flatMap(([, , { commit }]) => commit ?? [])
    this.scale = scalingOf(backend, requiresGradient(y) ? [y.grad] : [])
  }

  protected override stage(batch: Batch, step: number): void {
    super.stage(batch, step)
    this.#target.stage(batch, this.steps, step)
  }

  protected override write(): void {
    super.write()
    this.#target.write(this.steps, this.carried.repeated)
  }

  /** x, initial -> y, final, y.grad and what `readBack` reads. */
  computeLoss(): void {
    this.forward()
    this.loss.forward()
    this.loss.backward()
  }

  /** What the batch leaves, once its step has succeeded: the state for the next one, and running statistics. */
  commit(): void {
    this.carried.continueFromLast()
    for (let i = 0; i < this.#commits.length; i++) this.#commits[i]!(0)
  }

  /** The loss, once it was read back. */
  get value(): number {
    return this.loss.value(this.readBack.values)
  }

  /** What a mean divides by, once it was read back. */
  get count(): number {
    return this.readBack.values[1]!
  }
}
