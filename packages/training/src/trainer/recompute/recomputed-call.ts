import type { ReadBack } from '@recurra/backend'
import {
  inOrder, mapSlots, namedVariables, Segments, zero, type Frame, type Layer, type State,
} from '@recurra/layers/authoring'
import { at, ConfigurationError, type Random, type Tensor } from '@recurra/tensor'
import type { Batch } from '../../data/batch.ts'
import type { LossFrame } from '../../losses/loss.ts'
import { carriedStateOf, type CarriedState } from '../carried-state.ts'
import type { LayerFrames } from '../frames-of.ts'
import { initialStateBufferOf, type InitialStateBuffer } from '../initial-state-buffer.ts'
import type { LossCallOptions } from '../loss-call.ts'
import { ModelInput } from '../model-input.ts'
import type { TrainingCall } from '../training-call.ts'
import type { Ending } from './ending.ts'
import { lossOfLast } from './loss-of-last.ts'
import { lossPerStep } from './loss-per-step.ts'
import type { RecomputableParts } from './recomputable-parts.ts'
import { SegmentFrame, statePassageOf, type StatePassage } from './segment.ts'

/** The frame that computes a segment, and how states come to it and leave it. */
interface SegmentRun {
  readonly frame: SegmentFrame
  readonly states: StatePassage
}

/**
 * A model and its loss, planned for batches of long sequences in little memory (gradient checkpointing through time;
 * Chen et al. 2016, Gruslys et al. 2016). The states between segments are kept; everything else of a segment is
 * computed again in the backward pass, just before it is needed. Losses and gradients have the bits of `LossCall`.
 */
export class RecomputedCall implements TrainingCall {
  readonly frame: Frame
  readonly loss: LossFrame
  readonly carried: CarriedState
  readonly readBack: ReadBack
  items = 0
  readonly #segments: Segments
  readonly #parts: RecomputableParts
  readonly #input: ModelInput
  readonly #initialState: InitialStateBuffer
  readonly #ending: Ending
  readonly #run: readonly SegmentRun[]
  readonly #noGradientAfter: () => void
  readonly #random: Random | undefined
  #share = 1

  /** @throws `ConfigurationError` if the loss needs whole sequences. */
  constructor(
    layer: Layer, { loss, readWithLoss = [], ...options }: LossCallOptions,
    { parts, steps: segmentSteps }: { readonly parts: RecomputableParts; readonly steps: readonly number[] },
  ) {
    const { batch, carry = false } = options
    const { backend } = layer
    const count = segmentSteps.length
    this.#parts = parts
    this.#random = layer.random
    const input = (this.#input = new ModelInput(layer, options, 'training'))
    const segments = (this.#segments = new Segments(segmentSteps))
    const starts = segmentSteps.map((_, i) => segmentSteps.slice(0, i).reduce((sum, steps) => sum + steps, 0))
    const plan = { layer, parts, input, segments, starts }
    const frames = [...new Set(segmentSteps)].map((steps) => new SegmentFrame(plan, steps))
    const { frame } = frames[0]!

    const slots = namedVariables(frame.initial).map(([, { value }]) => value)
    const kept = slots.map(({ shape }) => backend.zeros([count + 1, ...shape]))
    const carried = slots.map(({ shape }) => backend.zeros(shape))
    const whole = (state: State, segment: number): State => {
      let slot = -1
      const own = mapSlots(state, () => (slot++, { value: at(kept[slot]!, segment), grad: carried[slot]! }))
      return parts.head.length > 0 ? [...(own as readonly State[]), ...parts.head.map(() => ({}))] : own
    }
    this.frame = { ...frame, initial: whole(frame.initial, 0), final: whole(frame.final, count) }
    const passages = new Map(frames.map((one) => [one, statePassageOf(backend, one.frame, kept, carried)]))
    this.#run = starts.map((_, index) => {
      const frame = frames.find((one) => one.computes(index))!
      return { frame, states: passages.get(frame)! }
    })
    const clear = inOrder(carried.map((grad) => zero(backend, grad)))
    this.#noGradientAfter = () => clear(0)
    this.#initialState = initialStateBufferOf(layer, this.frame, batch, carry)
    this.carried = carriedStateOf(layer, this.frame, options.steps, options)
    const { head } = parts
    this.#ending = head.length > 0
      ? lossOfLast(layer, loss, input, frames, starts, { ...options, head })
      : lossPerStep(layer, loss, input, frames, starts, options)
    this.loss = this.#ending.loss
    this.readBack = backend.readBack([...this.loss.scalars, ...readWithLoss])
  }

  get initialStateGradients(): { readonly [slot: string]: Tensor } {
    return this.#initialState.gradients
  }

  load(batch: Batch, step: number): void {
    this.#input.stage(batch, step)
    this.#initialState.stage(batch.initialState, this.#input.steps.present, step)
    this.#ending.stage(batch, step)
    this.items = this.#input.items(0)
    this.#input.write()
    this.#initialState.write()
    this.#ending.write()
  }

  computeLoss(): void {
    this.#share = 1
    this.#segments.begin()
    const drawn = this.#random?.state
    for (let i = 0; i < this.#run.length; i++) {
      this.#compute(i).states.end(i)
      this.#ending.forward(i)
    }
    if (drawn && String(this.#random!.state) !== String(drawn)) throw drawsByItself()
    this.#ending.finish()
  }

  scale(share: number): void {
    this.#share = share
  }

  backward(): void {
    this.#ending.turn(this.#share)
    this.#noGradientAfter()
    for (let i = this.#run.length - 1; i >= 0; i--) {
      // the memory still holds the last segment
      const { frame, states } = i === this.#run.length - 1 ? this.#run[i]! : this.#compute(i)
      this.#ending.backward(i)
      states.receive(0)
      frame.frame.backward()
      states.give(0)
    }
  }

  commit(): void {
    this.carried.continueFromLast()
    for (const [, , { commit }] of this.#ending.layers) commit?.(0)
  }

  get value(): number {
    return this.loss.value(this.readBack.values)
  }

  get count(): number {
    return this.readBack.values[1]!
  }

  get computed(): Iterable<LayerFrames> {
    return this.#computeAgain()
  }

  *#computeAgain(): Generator<LayerFrames> {
    for (let i = 0; i < this.#run.length; i++) yield this.#parts.framesOf(this.#compute(i).frame.frame)
    yield this.#ending.layers
  }

  /** A segment, from the state kept at its beginning. */
  #compute(index: number): SegmentRun {
    const own = this.#run[index]!
    own.frame.load(index)
    own.states.begin(index)
    own.frame.frame.forward()
    return own
  }
}

const drawsByItself = (): ConfigurationError =>
  new ConfigurationError({
    where: 'recompute',
    expected: 'layers whose random numbers can be drawn once more',
    got: 'one that draws by itself',
    fix: 'Draw with `bernoulli` of recurra/authoring, and pass it the call shape.',
  })
