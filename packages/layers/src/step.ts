import type { Kernel } from '@recurra/backend'
import {
  at, ConfigurationError, reshape, sizeOf, swapTimeAndBatch, type Indices, type Tensor, type TensorLike,
} from '@recurra/tensor'
import type { Conditioned } from './conditioned.ts'
import type { CallShape, Frame } from './frame.ts'
import { copyAll } from './kernels.ts'
import type { Layer } from './layer.ts'
import { inOrder } from './pass.ts'
import { reordering } from './reorder.ts'
import { StateSlots, type InitialState, type StateOwner } from './state-slots.ts'
import { answersAfter, stepOf } from './stride.ts'
import { takeStep } from './take-step.ts'
import { mapSlots, slotsOver, variablesIn, type State, type Variable } from './variable.ts'
import { wireFor } from './wire.ts'

/** A step of a model, planned once for all streams with one batch: they differ in their states alone. */
export interface StepPlan extends StateOwner {
  /** What takes the step: the frame of the model, or of its decoder. */
  readonly frame: Frame
  /** The slots of the state before a step. */
  readonly before: readonly Variable[]
  /** Whether other streams use it, too. */
  readonly shared: boolean
  /** If so, their states are moved here, as one row: [1, values]. */
  readonly state: Tensor
  /** The number of that row: 0. */
  readonly indices: Indices
  /** The input, until all of it is checked. */
  readonly staged: Float64Array
  /** The output: [batch, features], or [batch, steps, features] where it has several steps. */
  readonly y: Tensor
  /** The step after so many others, from the state and the input to the output and the next state. */
  readonly run: Kernel
}

const byRow = (y: Tensor): Tensor => y.shape.length < 3 ? y : y.shape[0] === 1 ? at(y, 0) : swapTimeAndBatch(y)

/** Plans a step; a source has up to `sourceSteps` steps. */
export const planStep = (layer: Layer, batch: number, shared: boolean, sourceSteps = 1): StepPlan => {
  const { backend } = layer
  const callShape: CallShape = { steps: 1, batch, mode: 'inference', streaming: true }
  const source = layer.source && (layer as Conditioned).streamSource(callShape, sourceSteps)
  const frame = source?.frame.decoder ?? layer.plan(wireFor(layer, callShape), callShape)
  const before = variablesIn(frame.initial)
  const size = before.reduce((sum, { value }) => sum + sizeOf(value.shape), 0)
  const state = backend.zeros([1, shared ? size : 0])
  const indices = backend.indices([1], 1)
  const moved = (): Kernel => {
    const slots = slotsOver(state, before)
    // A step of layers with a stride ends with the state where the next one begins.
    const [run, left] = frame.step ? [frame.step, before] : [frame.forward, variablesIn(frame.final)]
    return inOrder([
      copyAll(backend, slots.map((slot, i) => [slot, before[i]!.value])),
      run,
      copyAll(backend, slots.map((slot, i) => [left[i]!.value, slot])),
    ])
  }
  return {
    layer, batch, source, frame, before, shared, state, indices,
    staged: new Float64Array(sizeOf(frame.x.value.shape)),
    y: byRow(frame.y.value),
    run: shared ? moved() : stepOf(backend, frame),
  }
}

/**
 * The step of one stream. Where streams share the plan, the state of each is a row of its own, which is moved to the
 * plan before the step and back after it: so a step that fails leaves it as it was.
 */
export class Step {
  readonly plan: StepPlan
  /** The step after so many others, from the state and the input to the output of the plan and the next state. */
  readonly run: Kernel
  /** Brings the output of the plan to `y`. */
  readonly show: Kernel
  /** The output, until the next step of this stream. */
  readonly y: Tensor
  readonly #row: Tensor
  readonly #shown: Pick<Frame, 'y' | 'attentionWeights'>
  #frame: Frame | undefined // what is seldom needed is made on demand
  #state: StateSlots | undefined
  #reorder: ReturnType<typeof reordering> | undefined

  /** @throws `ConfigurationError`, `ShapeError` or `ValueError` if the initial state does not fit. */
  constructor(plan: StepPlan, initialState?: InitialState) {
    const { layer: { backend }, frame: { y, attentionWeights = [] }, shared, state, indices } = plan
    const own = (of: Tensor): Tensor => shared ? backend.zeros(of.shape) : of
    const move = (table: Tensor, out: Tensor): Kernel[] => {
      const line = [1, sizeOf(table.shape)]
      if (table === out || line[1] === 0) return []
      return [backend.gather({ table: reshape(table, line), out: reshape(out, line), indices })]
    }
    const row = own(state)
    const [value, ...weights] = [y.value, ...attentionWeights].map(own)
    this.plan = plan
    this.run = inOrder([...move(row, state), plan.run, ...move(state, row)])
    this.show = inOrder([...move(y.value, value!), ...attentionWeights.flatMap((from, i) => move(from, weights[i]!))])
    this.y = byRow(value!)
    this.#row = row
    this.#shown = { y: { ...y, value: value! }, attentionWeights: weights }
    if (initialState !== undefined) this.state.startFrom(initialState)
    if (!shared) this.#reorder = this.#reordering()
  }

  /**
   * Takes the step after so many others; undefined if it has no output.
   * @throws `ShapeError` or `ValueError` as `takeStep`, `ConfigurationError` if no source was read; then nothing has
   * changed.
   */
  take(x: TensorLike, before: number): Tensor | undefined {
    const { layer: { in: signal, stride, backend }, frame: { x: { value } }, source, staged } = this.plan
    source?.expectRead()
    takeStep(x, signal, backend.dtype, value.shape, staged)
    backend.write(value, staged)
    this.run(before)
    if (stride && !answersAfter(stride, before)) return undefined
    this.show(0)
    return this.y
  }

  /**
   * Reads sources, from which `reset` then computes the initial state.
   * @throws `ShapeError` or `ValueError` as `takeSource`, `ConfigurationError` if the model has no source; then nothing
   * has changed.
   */
  read(sources: readonly ArrayLike<number>[]): void {
    const { layer: { type }, source } = this.plan
    const fix = 'Build it with encoderDecoder.'
    if (!source) throw new ConfigurationError({ where: 'encode', expected: 'a model with a source', got: type, fix })
    source.read(sources)
  }

  /** Restores the initial state. */
  reset(): void {
    this.state.reset()
    this.plan.source?.encode()
  }

  /** The slots of the state. */
  get slots(): Tensor[] {
    const { before, shared } = this.plan
    return shared ? slotsOver(this.#row, before) : before.map(({ value }) => value)
  }

  /** The step of the plan with the state and the output of this stream. */
  get frame(): Frame {
    return (this.#frame ??= this.#view())
  }

  /** The state by the names of its slots. */
  get state(): StateSlots {
    return (this.#state ??= new StateSlots(this.plan, this.frame.initial))
  }

  /** Reorders the rows of the state. */
  get reorder(): ReturnType<typeof reordering> {
    const { backend } = this.plan.layer
    return (this.#reorder ??= backend.scope(() => this.#reordering(), { owner: this.#shown.y.value }).value)
  }

  #reordering(): ReturnType<typeof reordering> {
    return reordering(this.plan.layer.backend, this.slots, this.plan.batch)
  }

  #view(): Frame {
    const { frame } = this.plan
    const own = (state: State): State => {
      const slots = this.slots.values()
      return mapSlots(state, ({ grad }) => ({ value: slots.next().value!, grad }))
    }
    const forward = (before = 0): void => {
      this.run(before)
      this.show(0)
    }
    const step = frame.step && { step: forward }
    return { ...frame, initial: own(frame.initial), final: own(frame.final), ...this.#shown, forward, ...step }
  }
}
