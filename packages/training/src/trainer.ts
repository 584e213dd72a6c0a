import type { Kernel } from '@recurra/backend'
import { copy, leaves, wireFor, zero, type Frame, type Layer } from '@recurra/layers'
import { ShapeError, sizeOf, ValueError } from '@recurra/tensor'
import { clipFor, type Clip } from './clip.ts'
import type { Loss, LossFrame } from './losses/loss.ts'
import { updatesFor, type Optimizer, type Updates } from './optimizers/optimizer.ts'

export interface TrainerOptions {
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly clip?: Clip
  readonly steps: number
  readonly batch: number
}

/** A model with its loss and optimizer, planned for batches of one size. A warm step allocates nothing. */
export class Trainer {
  readonly frame: Frame
  readonly loss: LossFrame
  readonly #layer: Layer
  readonly #updates: Updates
  readonly #clip: () => void
  readonly #clear: readonly Kernel[]
  readonly #carry: readonly Kernel[]
  readonly #forget: readonly Kernel[]

  constructor(layer: Layer, { loss, optimizer, clip, steps, batch }: TrainerOptions) {
    const { backend, params } = layer
    this.#layer = layer
    this.frame = layer.plan(wireFor(layer, { steps, batch }), { steps, batch, mode: 'training' })
    this.loss = loss.plan(backend, this.frame.y)
    this.#updates = updatesFor(backend, params, optimizer)
    this.#clip = clip ? clipFor(backend, params, clip) : () => {}
    this.#clear = leaves(params).map(([, { grad }]) => zero(backend, grad))
    const initial = leaves(this.frame.initial)
    this.#carry = leaves(this.frame.final).map(([, { value }], i) => copy(backend, value, initial[i]![1].value))
    this.#forget = initial.map(([, { value }]) => zero(backend, value))
  }

  /**
   * One update from x and its target, both time-major; answers with the loss. Nothing is changed when the data cannot be
   * used. Parameters stay as they were when the loss is not a number.
   */
  step(x: ArrayLike<number>, target: ArrayLike<number>, rate?: number): number {
    this.#check(x, this.frame.x.value.shape, 'x', this.#layer.in.kind === 'tokens' ? this.#layer.in.size : 0)
    this.#check(target, this.loss.target.shape, 'target', this.loss.target.data instanceof Int32Array ? this.#layer.out.size : 0)
    this.#layer.backend.write(this.frame.x.value, x)
    this.#layer.backend.write(this.loss.target, target)
    this.#layer.forward(this.frame)
    const loss = this.loss.run()
    if (!Number.isFinite(loss))
      throw new ValueError({ where: 'training', expected: 'a finite loss', got: String(loss), fix: 'Lower the rate, or clip gradients; the parameters are as before this step.' })
    for (let i = 0; i < this.#clear.length; i++) this.#clear[i]!(0)
    this.#layer.backward(this.frame)
    this.#clip()
    this.#updates.step(rate)
    return loss
  }

  /** The next step goes on from the state in which the last one ended. */
  carry(): void {
    for (let i = 0; i < this.#carry.length; i++) this.#carry[i]!(0)
  }

  /** The next step starts from a state of zero. */
  forget(): void {
    for (let i = 0; i < this.#forget.length; i++) this.#forget[i]!(0)
  }

  #check(values: ArrayLike<number>, shape: readonly number[], what: string, symbols: number): void {
    if (values.length !== sizeOf(shape))
      throw new ShapeError({ where: what, expected: `${sizeOf(shape)} numbers`, got: `${values.length}`, fix: 'Pass whole batches of the planned size.' })
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (symbols ? Number.isInteger(value) && value >= 0 && value < symbols : !Number.isNaN(value)) continue
      throw new ValueError({ where: `${what}[${i}]`, expected: symbols ? `a whole number from 0 to ${symbols - 1}` : 'a number', got: String(value), fix: 'Clean the data.' })
    }
  }
}
