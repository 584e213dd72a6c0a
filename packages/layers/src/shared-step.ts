import type { Backend, Scope } from '@recurra/backend'
import { reshape, rows, sizeOf, type Indices, type Tensor } from '@recurra/tensor'
import type { CallShape, Frame } from './frame.ts'
import { copyAll } from './kernels.ts'
import type { Layer } from './layer.ts'
import { inOrder } from './pass.ts'
import { namedVariables, type State, type Variable } from './variable.ts'
import { wireFor } from './wire.ts'

/** One step of a model, planned once for all its streams with one batch: they differ in their states alone. */
export interface SharedStep {
  readonly frame: Frame
  /** The slots of the state before a step, and after it. */
  readonly before: readonly Variable[]
  readonly after: readonly Variable[]
  /** The state as one row, [1, values]: a stream moves its own here before a step, and back after it. */
  readonly state: Tensor
  /** The step after so many others, from `state` and the input to the output and `state`. */
  readonly step: (before: number) => void
  /** For the input, until all of it is known to fit. */
  readonly staged: Float64Array
  /** The number of the only row: 0. */
  readonly row: Indices
}

/** A row of numbers as the slots of a state, in their order. */
export const slotsOver = (row: Tensor, slots: readonly Variable[]): Tensor[] => {
  const values = reshape(row, [sizeOf(row.shape)])
  let from = 0
  return slots.map(({ value: { shape } }) => reshape(rows(values, from, (from += sizeOf(shape))), shape))
}

const variablesIn = (state: State): Variable[] => namedVariables(state).map(([, slot]) => slot)

const bindStep = (frame: Frame, backend: Backend): SharedStep => {
  const [before, after] = [variablesIn(frame.initial), variablesIn(frame.final)]
  const state = backend.zeros([1, before.reduce((sum, { value }) => sum + sizeOf(value.shape), 0)])
  const parts = slotsOver(state, before)
  // A step of layers with a stride ends with the state where the next one begins.
  const [run, left] = frame.step ? [frame.step, before] : [frame.forward, after]
  const step = inOrder([
    copyAll(backend, parts.map((part, i) => [part, before[i]!.value])),
    run,
    copyAll(backend, parts.map((part, i) => [left[i]!.value, part])),
  ])
  const staged = new Float64Array(sizeOf(frame.x.value.shape))
  return { frame, before, after, state, step, staged, row: backend.indices([1], 1) }
}

interface Planned {
  readonly scope: Scope<SharedStep>
  readonly batch: number
  /** By how many streams it is used that were not disposed of. */
  uses: number
}

/** A shared step in use by one stream, until that releases it. */
export interface StepInUse {
  readonly step: SharedStep
  readonly release: () => void
}

/**
 * The plans of one model, by their batch. The one that was asked for last is kept, so that a server which makes a
 * stream for each request plans once; another one is freed with the last stream that uses it.
 */
class SharedSteps {
  readonly #known = new Map<number, WeakRef<Planned>>()
  #latest: Planned | undefined

  take(batch: number, plan: () => Scope<SharedStep>): StepInUse {
    const known = this.#known.get(batch)?.deref()
    const one = known ?? { scope: plan(), batch, uses: 0 }
    if (!known) this.#known.set(batch, new WeakRef(one))
    const before = this.#latest
    this.#latest = one
    one.uses++
    if (before) this.#freeUnused(before)
    let released = false
    return {
      step: one.scope.value,
      release: () => {
        if (released) return
        released = true
        one.uses--
        this.#freeUnused(one)
      },
    }
  }

  /** A stream that was dropped is not counted off: its plan is freed when nobody holds it any more. */
  #freeUnused(planned: Planned): void {
    if (planned.uses > 0 || planned === this.#latest) return
    planned.scope[Symbol.dispose]()
    this.#known.delete(planned.batch)
  }
}

const plans = new WeakMap<Layer, SharedSteps>()

/**
 * A step of a model for one more stream. It belongs to the parameters of the model; where there are none, or where the
 * time of the stream is told, nothing is shared.
 */
export const sharedStep = (layer: Layer, callShape: CallShape): StepInUse | undefined => {
  const { backend } = layer
  const owner = (): Tensor | undefined => namedVariables(layer.params)[0]?.[1].value
  if (backend.profiling?.() || !(plans.has(layer) || owner())) return undefined
  const steps = plans.get(layer) ?? new SharedSteps()
  plans.set(layer, steps)
  return steps.take(callShape.batch, () =>
    backend.scope(() => bindStep(layer.plan(wireFor(layer, callShape), callShape), backend), { owner: owner()! }))
}
