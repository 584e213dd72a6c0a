import type { Backend, Kernel } from '@recurra/backend'
import { wantsGradient, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { asRows, ConfigurationError, type Tensor } from '@recurra/tensor'
import type { TensorsInUse } from '../checkpoint/saved-tensors.ts'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import { setScalar } from '../scalar.ts'
import { scaling } from './gradients.ts'
import { Intake } from './intake.ts'
import { ModelPass, type Carried, type ModelPassOptions } from './model-pass.ts'

/** What a forward pass is planned for. */
export interface ForwardPassOptions extends ModelPassOptions {
  /** What is made small. */
  readonly loss: Loss
  /** How many numbers the target of a sequence has, where it is one list for the whole. */
  readonly targetSize?: number
}

/** A model and its loss, planned for batches of one size: takes data in, goes forward, and judges. */
export class ForwardPass {
  readonly loss: LossFrame
  readonly #model: ModelPass
  readonly #ragged: boolean // whether lengths count steps of y
  readonly #target: Intake
  readonly #backend: Backend
  readonly #mask: Tensor | undefined // what the loss sees
  readonly #counted: Uint8Array
  readonly #share: Tensor
  readonly #scale: Kernel | undefined

  constructor(layer: Layer, { loss, ...options }: ForwardPassOptions, mode: CallShape['mode']) {
    const { backend } = layer
    const { batch, padded = false, stride = options.steps } = options
    this.#backend = backend
    this.#model = new ModelPass(layer, options, mode)
    const { y, callShape } = this.frame
    const steps = layer.out.kind === 'vector' ? 1 : callShape.steps
    this.#mask = padded || stride < options.steps ? backend.zeros([steps * batch]) : undefined
    this.loss = loss.plan(backend, y, this.#mask, options.targetSize)
    const { classes, range, target, perSequence } = this.loss
    if (perSequence && stride < options.steps)
      throw new ConfigurationError({
        where: 'stride',
        expected: 'a loss with a target for every step, where windows overlap',
        got: `${loss.type}, with one for the whole sequence`,
        fix: 'Let windows begin where the ones before end.',
      })
    this.#ragged = callShape.lengths !== undefined
    this.#target = new Intake(backend, {
      what: 'target', to: target, steps: perSequence ? 1 : steps, batch, ragged: this.#ragged && !perSequence,
      ...(classes && { classes }), ...(range && { range }),
    })
    this.#counted = new Uint8Array(steps * batch)
    this.#share = backend.zeros([])
    this.#scale = wantsGradient(y) ? backend.formula(scaling, { grad: asRows(y.grad), factor: this.#share }) : undefined
  }

  get frame(): Frame {
    return this.#model.frame
  }

  /** Steps of all sequences of the last batch, without padding; of vectors, how many. */
  get items(): number {
    return this.#model.items
  }

  /** d loss / d initial state of the last batch, [batch, units] for each slot. */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#model.initialStateGradients
  }

  /**
   * Takes a batch in; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; nothing has changed then.
   */
  read(batch: Batch, step: number): void {
    this.#model.read(batch, step)
    if (batch.mask && this.loss.perSequence) this.#refuseGaps()
    this.#target.read(batch.target, this.#model.counts, step, this.#model.mask)
    this.#model.write()
    this.#target.write()
    if (this.#mask) this.#hidePadding(this.#mask)
  }

  /** x, initial -> y, final, y.grad; answers with the loss. */
  run(): number {
    this.#model.run()
    return this.loss.run()
  }

  /** The gradient of y becomes a share of what the loss made it. */
  scale(share: number): void {
    setScalar(this.#share, share)
    this.#scale?.(0)
  }

  /** Where the state is carried: the next run goes on from that in which the last one ended. */
  carry(): void {
    this.#model.carry()
  }

  /** What the next run goes on from, where the state is carried, slot by slot. */
  get carried(): TensorsInUse {
    return this.#model.carried
  }

  /** A copy of it. */
  save(): Carried {
    return this.#model.save()
  }

  /** The next run goes on from such a copy. */
  restore(carried: Carried): void {
    this.#model.restore(carried)
  }

  /** The next run starts from a state of zero. */
  resetState(): void {
    this.#model.resetState()
  }

  #refuseGaps(): never {
    throw new ConfigurationError({
      where: 'mask',
      expected: 'lengths, for a loss with one target for the whole sequence',
      got: 'a mask',
      fix: 'Take the steps of the gaps out of the sequences.',
    })
  }

  #hidePadding(mask: Tensor): void {
    const { counts, fresh, mask: gaps } = this.#model
    const steps = this.#counted.length / counts.length
    for (let b = 0; b < counts.length; b++) {
      const count = counts[b]!
      const real = this.#ragged || count === 0 ? count : Infinity
      for (let row = b, t = 0; row < this.#counted.length; row += counts.length, t++) {
        const there = !this.#ragged || !gaps || gaps[b * steps + t] === 1
        this.#counted[row] = t >= fresh && t < real && there ? 1 : 0
      }
    }
    this.#backend.write(mask, this.#counted)
  }
}
