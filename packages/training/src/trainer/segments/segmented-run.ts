import {
  mapSlots, namedVariables, Segments, type CallShape, type Frame, type State,
} from '@recurra/layers/authoring'
import { at, swapTimeAndBatch, tensorOver, type Tensor } from '@recurra/tensor'
import type { CallLoss } from '../call-loss.ts'
import type { ModelInput, ScoredModel, ScoringCallPlan } from '../model-call.ts'
import type { ModelRun } from '../model-run.ts'
import { wholeLoss } from '../whole-call.ts'
import { lossPerStep } from './loss-per-step.ts'
import { outputOfLast, type OutputOfLast } from './output-of-last.ts'
import { SegmentFrame, statePassageOf, type StatePassage } from './segment.ts'
import { frameAt, outputPerStep, type SegmentsOf } from './segment-outputs.ts'
import type { SegmentableParts } from './segmentable-parts.ts'

/** What runs in segments, and the steps of each. */
export interface SegmentsPlan {
  readonly parts: SegmentableParts
  readonly steps: readonly number[]
  /** Whether `output` is asked for. Default: false. */
  readonly keepOutputs?: boolean | undefined
}

/** The frame that computes a segment, and how states come to it and leave it. */
export interface PlannedSegment {
  readonly frame: SegmentFrame
  readonly states: StatePassage
}

/** Runs a model segment after segment. */
export interface SegmentedRun extends ModelRun {
  readonly segments: SegmentsOf
  readonly planned: readonly PlannedSegment[]
  /** Where the model gives one vector for each sequence: what gives it. */
  readonly last: OutputOfLast | undefined
  /** In training, the gradients of the state where the backward pass is, between two segments. */
  readonly stateGradients: readonly Tensor[]
  /** Computes a segment, from the state kept at its beginning. */
  compute(index: number): void
}

/**
 * Plans a model for batches of long sequences: the activations of one segment are in memory, and the states between
 * them. It gives the bits of `wholeRun`.
 */
export const segmentedRun = (
  input: ModelInput, { parts, steps: segmentSteps, keepOutputs = false }: SegmentsPlan,
): SegmentedRun => {
  const { real, callShape: { steps, batch, mode } } = input
  const order = new Segments(segmentSteps)
  const starts = segmentSteps.map((_, i) => segmentSteps.slice(0, i).reduce((sum, steps) => sum + steps, 0))
  const plan = { input, parts, segments: order, starts }
  const frames = [...new Set(segmentSteps)].map((steps) => new SegmentFrame(plan, steps))
  const segments = { input, frames, starts }
  const { whole, stateGradients, passages } = statesOf(segments, parts, mode)
  const planned = starts.map((_, index) => {
    const frame = frameAt(frames, index)
    return { frame, states: passages.get(frame)! }
  })
  const last = parts.head.length > 0 ? outputOfLast(segments, parts.head) : undefined
  const outputs = last ?? outputPerStep(segments, keepOutputs)
  const compute = (index: number): void => {
    const { frame, states } = planned[index]!
    frame.load(index)
    states.begin(index)
    frame.frame.forward()
  }
  return {
    frame: whole,
    segments, planned, last, stateGradients, compute,
    forward(each) {
      order.begin()
      outputs.begin()
      for (let i = 0; i < planned.length; i++) {
        compute(i)
        planned[i]!.states.end(i)
        outputs.forward(i)
        each?.(i)
      }
      outputs.finish()
    },
    output: () => outputs.read(),
    counts: () => last || real.shown.length === 0
      ? undefined
      : swapTimeAndBatch(tensorOver(Float32Array.from(real.shown), [batch, steps])),
  }
}

/** Plans the states between segments; the frame that a call shows is that of a segment, with the states of all. */
const statesOf = (
  { input: { layer: { backend } }, frames, starts }: SegmentsOf, { head }: SegmentableParts, mode: CallShape['mode'],
) => {
  const { frame } = frames[0]!
  const slots = namedVariables(frame.initial).map(([, { value }]) => value)
  const kept = slots.map(({ shape }) => backend.zeros([starts.length + 1, ...shape]))
  const stateGradients = mode === 'training' ? slots.map(({ shape }) => backend.zeros(shape)) : []
  const stateAt = (state: State, segment: number): State => {
    let slot = -1
    const own = mapSlots(state, ({ grad }) =>
      (slot++, { value: at(kept[slot]!, segment), grad: stateGradients[slot] ?? grad }))
    return head.length > 0 ? [...(own as readonly State[]), ...head.map(() => ({}))] : own
  }
  const passages = new Map(frames.map((one) => [one, statePassageOf(backend, one.frame, kept, stateGradients)]))
  const whole: Frame = {
    ...frame, initial: stateAt(frame.initial, 0), final: stateAt(frame.final, starts.length),
  }
  return { whole, stateGradients, passages }
}

/**
 * Plans the loss of a model that runs in segments.
 * @throws `ConfigurationError` if the loss needs whole sequences.
 */
export const segmentedLoss = <Others extends object>(
  model: ScoredModel<SegmentedRun>, plan: ScoringCallPlan, readWithLoss: Others,
): CallLoss<Others> => {
  const { last, segments } = model.run
  return last ? wholeLoss(model, last, plan, readWithLoss) : lossPerStep(segments, plan, readWithLoss)
}
