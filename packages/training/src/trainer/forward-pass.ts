import type { Kernel } from '@recurra/backend'
import { checkLengths, copy, leaves, Lengths, wireFor, zero, type Extent, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, expectCount, type Tensor } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { Loss, LossFrame } from '../losses/loss.ts'
import { Intake } from './intake.ts'

/** What a forward pass is planned for. */
export interface ForwardPassOptions {
  /** What is made small. */
  readonly loss: Loss
  /** Steps of the longest sequence. */
  readonly steps: number
  /** Sequences side by side. */
  readonly batch: number
  /** Whether batches come with lengths; false unless said otherwise. */
  readonly padded?: boolean
  /** Whether each batch goes on from the state in which the one before it ended; false unless said otherwise. */
  readonly carry?: boolean
}

/** A model and its loss, planned for batches of one size: takes data in, goes forward, and judges. */
export class ForwardPass {
  readonly frame: Frame
  readonly loss: LossFrame
  /** Steps of all sequences of the last batch, without padding; of vectors, how many. */
  items = 0
  readonly #layer: Layer
  readonly #steps: number
  readonly #batch: number
  readonly #padded: boolean
  readonly #x: Intake
  readonly #target: Intake
  readonly #counts: Int32Array // the length of each sequence, 0 where there is none
  readonly #lengths: Lengths | undefined // what layers see: at least 1
  readonly #seen: Int32Array
  readonly #mask: Tensor | undefined // what the loss sees
  readonly #counted: Uint8Array
  readonly #carry: readonly Kernel[]
  readonly #forget: readonly Kernel[]

  constructor(layer: Layer, { loss, steps, batch, padded = false, carry = false }: ForwardPassOptions, mode: Extent['mode']) {
    expectCount(steps, 'the steps of a batch')
    expectCount(batch, 'the size of a batch')
    if (carry && !layer.causal)
      throw new ConfigurationError({
        where: 'carry',
        expected: 'layers that read the past alone',
        got: `${layer.type} with a layer that needs the whole sequence`,
        fix: 'Leave out bidirectional and repeat, or do not carry the state.',
      })
    const { backend } = layer
    const sequences = layer.in.kind !== 'vector'
    this.#layer = layer
    this.#steps = steps
    this.#batch = batch
    this.#padded = padded
    this.#lengths = padded && sequences ? new Lengths(backend, steps, batch) : undefined
    const extent = { steps, batch, mode, ...(this.#lengths && { lengths: this.#lengths }) }
    this.frame = layer.plan(wireFor(layer, extent), extent)
    const outSteps = layer.out.kind === 'vector' ? 1 : this.frame.extent.steps
    this.#mask = padded ? backend.zeros([outSteps * batch]) : undefined
    this.loss = loss.plan(backend, this.frame.y, this.#mask)

    const { classes, target } = this.loss
    const symbols = layer.in.kind === 'tokens' && { classes: { size: layer.in.size } }
    this.#x = new Intake(backend, {
      what: 'x', to: this.frame.x.value, steps: sequences ? steps : 1, batch, ragged: sequences,
      ...symbols,
    })
    this.#target = new Intake(backend, {
      what: 'target', to: target, steps: outSteps, batch, ragged: this.frame.extent.lengths !== undefined,
      ...(classes && { classes }),
    })
    this.#counts = new Int32Array(batch)
    this.#seen = new Int32Array(batch)
    this.#counted = new Uint8Array(outSteps * batch)

    const initial = leaves(this.frame.initial)
    this.#carry = leaves(carry ? this.frame.final : {}).map(([, { value }], i) => copy(backend, value, initial[i]![1].value))
    this.#forget = initial.map(([, { value }]) => zero(backend, value))
  }

  /** Takes a batch in. Throws, with nothing changed, if it cannot be used; `step` is named in errors. */
  read({ x, target, lengths }: Batch, step: number): void {
    this.#readLengths(lengths)
    this.#x.read(x, this.#counts, step)
    this.#target.read(target, this.#counts, step)
    this.#x.write()
    this.#target.write()
    if (this.#padded) this.#hidePadding()
  }

  /** x, initial -> y, final, y.grad; answers with the loss. */
  run(): number {
    this.#layer.forward(this.frame)
    return this.loss.run()
  }

  /** Where the state is carried: the next run goes on from that in which the last one ended. */
  carry(): void {
    for (let i = 0; i < this.#carry.length; i++) this.#carry[i]!(0)
  }

  /** The next run starts from a state of zero. */
  forget(): void {
    for (let i = 0; i < this.#forget.length; i++) this.#forget[i]!(0)
  }

  #readLengths(lengths: ArrayLike<number> | undefined): void {
    if (lengths && !this.#padded)
      throw new ConfigurationError({
        where: 'lengths',
        expected: 'a plan for padded batches',
        got: 'a plan for full ones',
        fix: 'Plan with { padded: true }.',
      })
    if (lengths) checkLengths(lengths, this.#steps, this.#batch, 0)
    this.items = 0
    for (let b = 0; b < this.#batch; b++) {
      this.#counts[b] = lengths ? lengths[b]! : this.#steps
      this.items += this.#x.real(this.#counts[b]!)
    }
  }

  #hidePadding(): void {
    const batch = this.#batch
    for (let b = 0; b < batch; b++) {
      const real = this.#target.real(this.#counts[b]!)
      this.#seen[b] = Math.max(1, this.#counts[b]!)
      for (let row = b, t = 0; row < this.#counted.length; row += batch, t++) this.#counted[row] = t < real ? 1 : 0
    }
    this.#lengths?.set(this.#seen)
    this.#layer.backend.write(this.#mask!, this.#counted)
  }
}
