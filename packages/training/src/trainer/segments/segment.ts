import type { Backend, Kernel } from '@recurra/backend'
import { formula } from '@recurra/formula'
import {
  copy, inOrder, Lengths, namedVariables, wireFor, type CallShape, type Frame, type Segments, type Variable,
} from '@recurra/layers/authoring'
import { reshape, rows, sizeOf, type Tensor } from '@recurra/tensor'
import type { ModelInput } from '../model-call.ts'
import type { SegmentableParts } from './segmentable-parts.ts'

const moving = formula({ element: ['from'] }, ({ from }) => ({ to: from }))

/** One tensor for each of some neighbors, such as the segments of a sequence: [count, 1, values]. */
export const lines = (x: Tensor, count: number): Tensor => reshape(x, [count, 1, sizeOf(x.shape) / count])

/** Moves a tensor to or from one of several, which `step` tells. */
export const moveOne = (backend: Backend, from: Tensor, to: Tensor): Kernel => {
  const lay = (x: Tensor): Tensor => (x.shape.length === 3 && x.shape[1] === 1 ? x : reshape(x, [1, sizeOf(x.shape)]))
  return backend.formula(moving, { from: lay(from), to: lay(to) })
}

/** A state at the beginning of each segment and after the last: [segments + 1, …] for each slot. */
export type KeptStates = readonly Tensor[]

/** What the frames of all segments are planned for. */
export interface SegmentPlan {
  readonly input: ModelInput
  readonly parts: SegmentableParts
  readonly segments: Segments
  /** The first step of each segment. */
  readonly starts: readonly number[]
}

/** A frame that computes segments of one number of steps. */
export class SegmentFrame {
  readonly frame: Frame
  readonly steps: number
  /** The first segment that it computes, and how many. */
  readonly first: number
  readonly count: number
  readonly #plan: SegmentPlan
  readonly #lengths: Lengths | undefined

  constructor(plan: SegmentPlan, steps: number) {
    const { input: { layer, callShape: { batch, mode, lengths } }, parts, segments } = plan
    this.#plan = plan
    this.steps = steps
    this.first = segments.steps.indexOf(steps)
    this.count = segments.steps.filter((one) => one === steps).length
    this.#lengths = lengths && new Lengths(layer.backend, steps, batch)
    const callShape: CallShape = { steps, batch, mode, lengths: this.#lengths, segments }
    this.frame = segments.plan(() => parts.plan(wireFor(layer, callShape), callShape))
  }

  /** Whether it computes a segment. */
  computes(index: number): boolean {
    return this.#plan.segments.steps[index] === this.steps
  }

  /** Writes the input of a segment: no more of it is in the memory of the backend. */
  load(index: number): void {
    const { input: { layer, x, real, callShape }, segments, starts } = this.#plan
    segments.index = index
    const [from, perStep] = [starts[index]!, x.staged.length / callShape.steps]
    layer.backend.write(this.frame.x.value, x.staged.subarray(from * perStep, (from + this.steps) * perStep))
    this.#lengths?.setSegment(real.shown, from)
  }
}

/** How states, and in the backward pass their gradients, go from segment to segment. */
export interface StatePassage {
  /** From the state at the beginning of a segment. */
  readonly begin: Kernel
  /** To the state at the beginning of the next one. */
  readonly end: Kernel
  /** From the gradient of the state after the segment. */
  readonly receive: Kernel
  /** To the gradient of the state before it. */
  readonly give: Kernel
}

const variablesIn = (state: Frame['initial']): Variable[] => namedVariables(state).map(([, slot]) => slot)

/**
 * Plans it for a frame; `carried` are the gradients where the backward pass is, between two segments: none at
 * inference.
 */
export const statePassageOf = (
  backend: Backend, { initial, final }: Frame, kept: KeptStates, carried: readonly Tensor[],
): StatePassage => {
  const [before, after] = [variablesIn(initial), variablesIn(final)]
  const count = (kept[0]?.shape[0] ?? 1) - 1
  const at = (k: number, from: number): Tensor => lines(rows(kept[k]!, from, from + count), count)
  return {
    begin: inOrder(before.map(({ value }, k) => moveOne(backend, at(k, 0), value))),
    end: inOrder(after.map(({ value }, k) => moveOne(backend, value, at(k, 1)))),
    receive: inOrder(carried.map((grad, k) => copy(backend, grad, after[k]!.grad))),
    give: inOrder(carried.map((grad, k) => copy(backend, before[k]!.grad, grad))),
  }
}
