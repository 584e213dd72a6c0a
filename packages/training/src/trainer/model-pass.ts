import type { Kernel } from '@recurra/backend'
import { copy, namedVariables, wireFor, zero, type CallShape, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, expectCount, type NamedTensor, type Tensor } from '@recurra/tensor'
import { restoreTensors, savedTensors, type TensorsInUse } from '../checkpoint/saved-tensors.ts'
import type { Batch } from '../data/batch.ts'
import { advanceOf, type Advance } from './advance.ts'
import { InitialStateIntake } from './initial-state-intake.ts'
import { Intake } from './intake.ts'
import { SourceIntake } from './source-intake.ts'
import { StepCounts } from './step-counts.ts'

/** What a pass through a model is planned for. */
export interface ModelPassOptions {
  /** Steps of the longest sequence. */
  readonly steps: number
  /** Sequences side by side. */
  readonly batch: number
  /** Whether batches come with lengths; false unless said otherwise. */
  readonly padded?: boolean
  /** Whether each batch goes on from the state in which the one before it ended; false unless said otherwise. */
  readonly carry?: boolean
  /** How far each batch goes beyond the one before it, where the state is carried; `steps` unless said otherwise. */
  readonly stride?: number
  /** Steps of the longest source, for a model that has one. */
  readonly sourceSteps?: number
}

/** What one batch hands to the next, copied. */
export interface Carried {
  /** The state, slot by slot; empty where it is not carried. */
  readonly state: readonly NamedTensor[]
  /** How many of the next batch's steps were in the batch before it. */
  readonly fresh: number
}

/** A model planned for batches of one size: takes their input in, and goes forward. */
export class ModelPass {
  readonly frame: Frame
  /** Steps of all sequences of the last batch, without padding; of vectors, how many. */
  items = 0
  /** The steps from this one on were in no batch before. */
  fresh = 0
  readonly #layer: Layer
  readonly #steps: number
  readonly #x: Intake
  readonly #source: SourceIntake | undefined
  readonly #initialState: InitialStateIntake
  readonly #counts: StepCounts
  readonly #advance: Advance | undefined
  readonly #stride: number
  readonly #carry: readonly Kernel[]
  readonly #forget: readonly Kernel[]

  constructor(layer: Layer, options: ModelPassOptions, mode: CallShape['mode']) {
    const { steps, batch, padded = false, carry = false, stride = steps, sourceSteps } = options
    expectCount(steps, 'the steps of a batch')
    expectCount(batch, 'the size of a batch')
    expectCount(stride, 'the stride of batches')
    if (carry && !layer.causal)
      throw new ConfigurationError({
        where: 'carry',
        expected: 'layers that read the past alone',
        got: `${layer.type} with a layer that needs the whole sequence`,
        fix: 'Leave out bidirectional and repeat, or do not carry the state.',
      })
    if (carry && layer.source)
      throw new ConfigurationError({
        where: 'carry',
        expected: 'a model that goes on from batch to batch',
        got: `${layer.type}, which starts from the source of each sequence`,
        fix: 'Do not carry the state.',
      })
    const { backend } = layer
    const sequences = layer.in.kind !== 'vector'
    this.#layer = layer
    this.#steps = steps
    this.#counts = new StepCounts(layer, { what: 'lengths', steps, batch, padded, sequences })
    const { lengths } = this.#counts
    const { source } = layer
    this.#source = source && new SourceIntake(layer, source, { steps: sourceSteps, batch, padded, mode })
    const callShape = {
      steps,
      batch,
      mode,
      ...(lengths && { lengths }),
      ...(this.#source && { source: this.#source.source }),
    }
    this.frame = layer.plan(wireFor(layer, callShape), callShape)
    const symbols = layer.in.kind === 'tokens' && { classes: { size: layer.in.size } }
    this.#x = new Intake(backend, {
      what: 'x', to: this.frame.x.value, steps: sequences ? steps : 1, batch, ragged: sequences,
      ...symbols,
    })

    this.#initialState = new InitialStateIntake(layer, this.frame, batch, carry)
    this.#stride = stride
    this.#advance = stride < steps ? advanceOf(layer, this.frame, stride, carry) : undefined
    const initial = namedVariables(this.frame.initial)
    this.#carry = namedVariables(carry ? (this.#advance ?? this.frame).final : {}).map(([, { value }], i) =>
      copy(backend, value, initial[i]![1].value),
    )
    this.#forget = initial.map(([, { value }]) => zero(backend, value))
  }

  /** The length of each sequence of the last batch, 0 where there is none: [batch]. */
  get counts(): Int32Array {
    return this.#counts.counts
  }

  /** Which steps of the last batch are real, where it has a mask: [batch, time]. */
  get mask(): Uint8Array | undefined {
    return this.#counts.mask
  }

  /**
   * Looks at the input of a batch; `step` is named in errors.
   * @throws `ShapeError`, `ValueError` or `ConfigurationError` if it cannot be used; the model has read nothing of it
   * then.
   */
  read(batch: Batch, step: number): void {
    this.#counts.read(batch.lengths, batch.mask)
    if (batch.source && !this.#source)
      throw new ConfigurationError({
        where: 'source',
        expected: 'batches without a source',
        got: 'some with one',
        fix: 'Build the model with encoderDecoder, which reads it.',
      })
    const { counts } = this
    this.items = 0
    for (let b = 0; b < counts.length; b++) this.items += this.#x.real(counts[b]!) - this.fresh - this.#counts.gaps(b)
    this.#x.read(batch.x, counts, step, this.mask)
    this.#source?.read(batch, counts, step)
    this.#initialState.read(batch.initialState, counts, step)
  }

  /** Hands what was read to the model. */
  write(): void {
    this.#x.write()
    this.#source?.write()
    this.#counts.write()
    this.#initialState.write()
  }

  /** d loss / d initial state of the last batch, [batch, units] for each slot. */
  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#initialState.gradients
  }

  /** x, initial -> y, final */
  run(): void {
    this.frame.forward()
    this.#advance?.run()
  }

  /** Where the state is carried: the next run goes on from that in which the last one ended. */
  carry(): void {
    for (let i = 0; i < this.#carry.length; i++) this.#carry[i]!(0)
    this.fresh = this.#steps - this.#stride
  }

  /** What the next run goes on from, where the state is carried, slot by slot. */
  get carried(): TensorsInUse {
    if (this.#carry.length === 0) return new Map()
    return new Map(namedVariables(this.frame.initial).map(([path, { value }]) => [path, value]))
  }

  /** A copy of it. */
  save(): Carried {
    return { state: savedTensors(this.#layer.backend, this.carried), fresh: this.fresh }
  }

  /** The next run goes on from such a copy. */
  restore({ state, fresh }: Carried): void {
    restoreTensors(this.#layer.backend, this.carried, state)
    this.fresh = fresh
  }

  /** The next run starts from a state of zero. */
  resetState(): void {
    for (let i = 0; i < this.#forget.length; i++) this.#forget[i]!(0)
    this.fresh = 0
  }
}
