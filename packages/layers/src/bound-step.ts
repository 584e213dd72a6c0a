import type { Kernel } from '@recurra/backend'
import { at, reshape, sizeOf, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import type { Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { inOrder } from './pass.ts'
import { reordering } from './reorder.ts'
import { slotsOver, type SharedStep } from './shared-step.ts'
import { StateSlots, type InitialState } from './state-slots.ts'
import { stepOf } from './stride.ts'
import { mapSlots, namedVariables, type Variable } from './variable.ts'

/** One step, bound to the memory of a stream. What is seldom needed is made on demand. */
export interface BoundStep {
  /** One step of the model, or of its decoder; `initial` is the state of the stream. */
  readonly frame: () => Frame
  /** The memory of the input. */
  readonly x: Frame['x']['value']
  readonly staged: Float64Array // the input, until all of it is checked
  readonly y: Tensor // [batch, features], or [batch, steps, features] where it has several steps
  /** Where the output of a step is before it is brought out: until the next step of any stream. */
  readonly made: Tensor
  /** The step after so many others, from x and the state to the next state. */
  readonly step: (before: number) => void
  /** Brings out the output of the step. */
  readonly show: Kernel
  readonly state: () => StateSlots
  readonly reorder: () => (parents: ArrayLike<number>) => void
}

const byRow = (y: Tensor): Tensor => y.shape.length < 3 ? y : y.shape[0] === 1 ? at(y, 0) : swapTimeAndBatch(y)

const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/** A step in memory that one stream has for itself. */
export const ownStep = (layer: Layer, frame: Frame, batch: number, initialState?: InitialState): BoundStep => {
  const { backend } = layer
  const state = new StateSlots(layer, frame.initial, initialState)
  const reorder = reordering(backend, namedVariables(frame.initial).map(([, { value }]) => value), batch)
  return {
    frame: () => frame,
    x: frame.x.value,
    staged: new Float64Array(sizeOf(frame.x.value.shape)),
    y: byRow(frame.y.value),
    made: byRow(frame.y.value),
    step: stepOf(backend, frame),
    show: inOrder([]),
    state: () => state,
    reorder: () => reorder,
  }
}

/** A step that many streams share: the state of each is moved in before it, and out after it. */
export const sharingStep = (layer: Layer, shared: SharedStep, initialState?: InitialState): BoundStep => {
  const { backend } = layer
  const { frame: { y: sharedY, x, attentionWeights: weights = [] }, before, state: moved, row, staged } = shared
  const own = backend.zeros(moved.shape)
  const [y, ...attentionWeights] = [sharedY.value, ...weights].map(({ shape }) => backend.zeros(shape))
  const move = (table: Tensor, out: Tensor): Kernel[] => {
    const line = [1, sizeOf(table.shape)]
    if (line[1] === 0) return []
    return [backend.gather({ table: reshape(table, line), out: reshape(out, line), indices: row })]
  }
  const step = inOrder([...move(own, moved), shared.step, ...move(moved, own)])
  const show = inOrder([...move(sharedY.value, y!), ...attentionWeights.flatMap((to, i) => move(weights[i]!, to))])
  const forward = (steps = 0): void => {
    step(steps)
    show(0)
  }
  const frame = lazily((): Frame => ({
    ...withSlots(shared.frame, ownSlots(shared, own)),
    y: { ...sharedY, value: y! }, attentionWeights, forward, ...(shared.frame.step && { step: forward }),
  }))
  const state = lazily(() => new StateSlots(layer, frame().initial, initialState))
  if (initialState !== undefined) state()
  const reorder = (): ReturnType<BoundStep['reorder']> =>
    reordering(backend, slotsOver(own, before), sharedY.value.shape.at(-2)!)
  return {
    frame, step, show, state, staged, x: x.value, y: byRow(y!), made: byRow(sharedY.value),
    reorder: lazily(() => backend.scope(reorder, { owner: y! }).value),
  }
}

/** The slots of a stream for those of the step that it shares. */
const ownSlots = ({ before, after }: SharedStep, own: Tensor): ReadonlyMap<Variable, Variable> => {
  const slots = slotsOver(own, before).map((value, i) => ({ value, grad: before[i]!.grad }))
  return new Map([before, after].flatMap((those) => those.map((slot, i) => [slot, slots[i]!])))
}

/** A frame with other slots, also in its parts. */
const withSlots = (frame: Frame, own: ReadonlyMap<Variable, Variable>): Frame => {
  const ownOf = (slot: Variable): Variable => own.get(slot) ?? slot
  return {
    ...frame,
    initial: mapSlots(frame.initial, ownOf),
    final: mapSlots(frame.final, ownOf),
    ...(frame.parts && { parts: frame.parts.map((part) => withSlots(part, own)) }),
  }
}
