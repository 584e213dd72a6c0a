import type { Backend } from '@recurra/backend'
import type { Frame, Layer } from '@recurra/layers'
import { ConfigurationError, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import { InputBuffer } from './input-buffer.ts'
import type { RealSteps } from './real-steps.ts'

/** Takes in the targets of a batch, and tells the loss which rows count. */
export class TargetBuffer {
  readonly #backend: Backend
  readonly #values: InputBuffer
  readonly #steps: number
  readonly #perSequence: boolean
  readonly #origins: Int32Array | undefined // the step of x on which each step of y depends, where lengths count them
  readonly #real: Uint8Array // of the targets: [batch, time]
  readonly #mask: Tensor | undefined // what the loss sees: [time · batch]
  readonly #counted: Uint8Array

  constructor({ backend, out }: Layer, { callShape }: Frame, loss: LossFrame, mask: Tensor | undefined) {
    const { batch, lengths } = callShape
    const { classes, range, target, perSequence = false } = loss
    const steps = out.kind === 'vector' ? 1 : callShape.steps
    this.#backend = backend
    this.#perSequence = perSequence
    this.#steps = perSequence ? 1 : steps
    this.#values = new InputBuffer(backend, {
      what: 'target', to: target, steps: this.#steps, batch, ...(classes && { classes }), ...(range && { range }),
    })
    this.#origins = lengths && Int32Array.from({ length: steps }, (_, t) => lengths.origin(t))
    this.#real = new Uint8Array(this.#steps * batch)
    this.#mask = mask
    this.#counted = new Uint8Array(steps * batch)
  }

  /**
   * Checks the targets of a batch whose input has these steps.
   * @throws `ShapeError` or `ValueError` if they cannot be used; nothing has changed then.
   * @throws `ConfigurationError` if the batch has gaps, and the loss one target for the whole sequence.
   */
  stage({ target, mask }: Batch, x: RealSteps, step: number): void {
    if (mask && this.#perSequence) throw refuseGaps()
    const [batch, steps] = [x.present.length, this.#steps]
    for (let b = 0; b < batch; b++)
      for (let t = 0; t < steps; t++)
        this.#real[b * steps + t] = this.#perSequence ? x.present[b]! : this.#isReal(b, t, x)
    this.#values.stage(target, this.#real, step)
  }

  /** Hands what was staged to the loss; the first `repeated` steps were in the batch before, and do not count again. */
  write(x: RealSteps, repeated: number): void {
    this.#values.write()
    if (!this.#mask) return
    const batch = x.present.length
    for (let row = 0; row < this.#counted.length; row++) {
      const [t, b] = [Math.floor(row / batch), row % batch]
      this.#counted[row] = t >= repeated ? this.#isReal(b, t, x) : 0
    }
    this.#backend.write(this.#mask, this.#counted)
  }

  /** Whether step t of what the model gives counts; a sequence that is not there has none, whatever the lengths. */
  #isReal(b: number, t: number, { real, present }: RealSteps): number {
    if (!this.#origins) return present[b]!
    return present[b]! * real[(b * real.length) / present.length + this.#origins[t]!]!
  }
}

const refuseGaps = (): ConfigurationError =>
  new ConfigurationError({
    where: 'mask',
    expected: 'lengths, for a loss with one target for the whole sequence',
    got: 'a mask',
    fix: 'Take the steps of the gaps out of the sequences.',
  })
