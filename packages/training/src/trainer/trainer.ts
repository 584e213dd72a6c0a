import { type Frame, type Layer } from '@recurra/layers'
import type { Batch } from '../data/batch.ts'
import type { LossFrame } from '../losses/loss.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { Updates } from '../optimizers/updates.ts'
import { clipFor, type Clip } from './clip.ts'
import { gradientFault, lossFault } from './diagnosis.ts'
import { ForwardPass, type ForwardPassOptions } from './forward-pass.ts'
import { Gradients } from './gradients.ts'

/** What a trainer is planned for. */
export interface TrainerOptions extends ForwardPassOptions {
  /** How parameters move. */
  readonly optimizer: Optimizer
  /** How gradients are kept small; not at all unless said otherwise. */
  readonly clip?: Clip
}

/**
 * A model with its loss and optimizer, planned for batches of one size: for training loops of your own. (`fit` is the
 * loop that most people want.) A warm step allocates nothing.
 *
 * ```ts
 * import { dense, meanSquaredError, rnn, sequential, sgd, Trainer } from 'recurra'
 *
 * const model = sequential(1, [rnn(4), dense(1)])
 * const trainer = new Trainer(model, { loss: meanSquaredError(), optimizer: sgd({ rate: 0.1 }), steps: 3, batch: 1 })
 * for (let i = 0; i < 100; i++) trainer.step({ x: [0.1, 0.2, 0.3], target: [0.2, 0.3, 0.4] })
 * ```
 */
export class Trainer {
  readonly #layer: Layer
  readonly #pass: ForwardPass
  readonly #gradients: Gradients
  readonly #clip: () => void
  readonly #updates: Updates

  constructor(layer: Layer, { optimizer, clip, ...options }: TrainerOptions) {
    const { backend, params } = layer
    this.#layer = layer
    this.#pass = new ForwardPass(layer, options, 'training')
    this.#gradients = new Gradients(backend, params)
    this.#clip = clip ? clipFor(backend, params, clip, this.#gradients) : () => {}
    this.#updates = new Updates(backend, params, optimizer)
  }

  /** The memory of the model's calls. */
  get frame(): Frame {
    return this.#pass.frame
  }

  /** The memory of the loss: what each row lost, say. */
  get loss(): LossFrame {
    return this.#pass.loss
  }

  /** The optimizer with its memory. */
  get updates(): Updates {
    return this.#updates
  }

  /** The length of all gradients together in the last step, before clipping. */
  get gradientNorm(): number {
    return this.#gradients.norm
  }

  /** The learning rate of the last step. */
  get rate(): number {
    return this.#updates.rate
  }

  /** Steps of all sequences in the last batch, without padding. */
  get items(): number {
    return this.#pass.items
  }

  /**
   * One update from a batch; answers with its loss. `done` is the share of the training that is over (0 to 1), for
   * learning rates that follow it.
   *
   * A batch that cannot be used is a `ShapeError` or a `ValueError` that says where, a loss or a gradient that is not
   * finite a `NotFiniteError` that says in which layer: then parameters, the optimizer's memory and the carried state
   * are as before.
   */
  step(batch: Batch, done?: number): number {
    const step = this.#updates.steps + 1
    this.#pass.read(batch, step)
    this.#updates.aim(done)

    const loss = this.#pass.run()
    if (!Number.isFinite(loss)) throw lossFault(this.#layer, this.frame, loss, step)

    this.#gradients.clear()
    this.#layer.backward(this.frame)
    this.#gradients.measure()
    if (!Number.isFinite(this.#gradients.norm)) throw gradientFault(this.#gradients.broken(), step)

    this.#clip()
    this.#updates.step()
    this.#pass.carry()
    return loss
  }

  /** The next step starts from a state of zero, even where the state is carried. */
  forget(): void {
    this.#pass.forget()
  }
}
