import { after } from '@recurra/backend'
import {
  mapSlots, namedVariables, Segments, type CallShape, type Frame, type Layer, type State,
} from '@recurra/layers/authoring'
import { at, swapTimeAndBatch, tensorOver, type Tensor } from '@recurra/tensor'
import { PlannedCall, type ModelCallPlan, type Outputs, type PredictingCall } from '../model-call.ts'
import { outputOfLast, type OutputOfLast } from './output-of-last.ts'
import { SegmentFrame, statePassageOf, type StatePassage } from './segment.ts'
import { frameAt, outputPerStep, type SegmentOutputs, type SegmentsOf } from './segment-outputs.ts'
import type { SegmentableParts } from './segmentable-parts.ts'

/** The frame that computes a segment, and how states come to it and leave it. */
interface SegmentRun {
  readonly frame: SegmentFrame
  readonly states: StatePassage
}

/** What runs in segments, and the steps of each. */
export interface SegmentsPlan {
  readonly parts: SegmentableParts
  readonly steps: readonly number[]
  readonly mode: CallShape['mode']
  /** Whether `outputs` is asked for. Default: false. */
  readonly keepOutputs?: boolean | undefined
}

interface PlannedSegments {
  /** What the call shows as its frame: that of a segment, with the states of all. */
  readonly whole: Frame
  readonly order: Segments
  readonly segments: SegmentsOf
  readonly run: readonly SegmentRun[]
  readonly gradients: readonly Tensor[]
}

/** Plans the frames of the segments, and the states between them. */
const segmentsFor = (
  call: PlannedCall, { parts, steps: segmentSteps, mode }: Omit<SegmentsPlan, 'keepOutputs'>,
): PlannedSegments => {
  const { backend } = call.layer
  const count = segmentSteps.length
  const order = new Segments(segmentSteps)
  const starts = segmentSteps.map((_, i) => segmentSteps.slice(0, i).reduce((sum, steps) => sum + steps, 0))
  const plan = { call, parts, segments: order, starts }
  const frames = [...new Set(segmentSteps)].map((steps) => new SegmentFrame(plan, steps))
  const { frame } = frames[0]!

  const slots = namedVariables(frame.initial).map(([, { value }]) => value)
  const kept = slots.map(({ shape }) => backend.zeros([count + 1, ...shape]))
  const gradients = mode === 'training' ? slots.map(({ shape }) => backend.zeros(shape)) : []
  const whole = (state: State, segment: number): State => {
    let slot = -1
    const own = mapSlots(state, ({ grad }) =>
      (slot++, { value: at(kept[slot]!, segment), grad: gradients[slot] ?? grad }))
    return parts.head.length > 0 ? [...(own as readonly State[]), ...parts.head.map(() => ({}))] : own
  }
  const passages = new Map(frames.map((one) => [one, statePassageOf(backend, one.frame, kept, gradients)]))
  const run = starts.map((_, index) => {
    const frame = frameAt(frames, index)
    return { frame, states: passages.get(frame)! }
  })
  return {
    whole: { ...frame, initial: whole(frame.initial, 0), final: whole(frame.final, count) },
    order, run, gradients, segments: { call, frames, starts },
  }
}

/**
 * A model planned for batches of long sequences: they go through it segment after segment, so that the activations of
 * one segment are in memory, and the states between them. It gives the bits of `ModelCall`.
 */
export class SegmentedCall extends PlannedCall implements PredictingCall {
  protected readonly segments: SegmentsOf
  protected readonly run: readonly SegmentRun[]
  /** Where the model gives one vector for each sequence: what gives it. */
  protected readonly last: OutputOfLast | undefined
  /** In training, the gradients of the state where the backward pass is, between two segments. */
  protected readonly stateGradients: readonly Tensor[]
  readonly #outputs: SegmentOutputs
  readonly #order: Segments

  constructor(layer: Layer, options: ModelCallPlan, { keepOutputs = false, ...plan }: SegmentsPlan) {
    let planned!: PlannedSegments
    super(layer, options, plan.mode, (call) => (planned = segmentsFor(call, plan)).whole)
    const { order, segments, run, gradients } = planned
    this.#order = order
    this.segments = segments
    this.run = run
    this.stateGradients = gradients
    this.last = plan.parts.head.length > 0 ? outputOfLast(segments, plan.parts.head) : undefined
    this.#outputs = this.last ?? outputPerStep(segments, keepOutputs)
  }

  protected override writeBatch(): void {
    super.writeBatch()
    this.#outputs.begin()
  }

  forward(): void {
    this.#order.begin()
    for (let i = 0; i < this.run.length; i++) this.throughSegment(i)
    this.#outputs.finish()
  }

  outputs(): Outputs | Promise<Outputs> {
    const { callShape: { steps, batch }, real: { shown } } = this
    const counts = this.last || shown.length === 0
      ? undefined
      : swapTimeAndBatch(tensorOver(Float32Array.from(shown), [batch, steps]))
    return after(this.#outputs.read(), (y) => ({ y, ...(counts && { counts }) }))
  }

  /** A segment, for the first time. */
  protected throughSegment(index: number): void {
    this.compute(index).states.end(index)
    this.#outputs.forward(index)
  }

  /** A segment, from the state kept at its beginning. */
  protected compute(index: number): SegmentRun {
    const own = this.run[index]!
    own.frame.load(index)
    own.states.begin(index)
    own.frame.frame.forward()
    return own
  }
}
