import type { Scope } from '@recurra/backend'
import type { Tensor } from '@recurra/tensor'
import type { Layer } from './layer.ts'
import { planStep, Step, type StepPlan } from './step.ts'
import { checkStream, type StreamOptions } from './stream-options.ts'
import { namedVariables } from './variable.ts'

interface Planned {
  readonly scope: Scope<StepPlan>
  readonly batch: number
  /** By how many streams it is used that were not disposed of. */
  uses: number
}

/**
 * The plans of one model, by their batch. The one that was asked for last is kept, so that a server which makes a
 * stream for each request plans once; another one is freed with the last stream that uses it.
 */
class SharedPlans {
  readonly #layer: Layer
  readonly #owner: Tensor
  readonly #known = new Map<number, WeakRef<Planned>>()
  #latest: Planned | undefined

  constructor(layer: Layer, owner: Tensor) {
    this.#layer = layer
    this.#owner = owner
  }

  /** The plan for a batch. */
  for(batch: number): Planned {
    const [layer, owner] = [this.#layer, this.#owner]
    const known = this.#known.get(batch)?.deref()
    const one = known ?? { scope: layer.backend.scope(() => planStep(layer, batch, true), { owner }), batch, uses: 0 }
    if (!known) this.#known.set(batch, new WeakRef(one))
    const before = this.#latest
    this.#latest = one
    if (before) this.#freeUnused(before)
    return one
  }

  /** Counts one more stream that uses a plan, until it calls what this returns. */
  use(planned: Planned): () => void {
    let used = true
    planned.uses++
    return () => {
      if (!used) return
      used = false
      planned.uses--
      this.#freeUnused(planned)
    }
  }

  /** A stream that was dropped is not counted off: its plan is freed when nobody holds it any more. */
  #freeUnused(planned: Planned): void {
    if (planned.uses > 0 || planned === this.#latest) return
    planned.scope[Symbol.dispose]()
    this.#known.delete(planned.batch)
  }
}

const plans = new WeakMap<Layer, SharedPlans>()

/**
 * The plans that streams of a model share. They belong to its parameters: where there are none, or a source is read, or
 * the time of a stream is measured, nothing is shared.
 */
const sharedPlansOf = (layer: Layer): SharedPlans | undefined => {
  if (layer.source || layer.backend.profiling?.()) return undefined
  const known = plans.get(layer)
  const [param] = known ? [] : namedVariables(layer.params)
  if (!param) return known
  const made = new SharedPlans(layer, param[1].value)
  plans.set(layer, made)
  return made
}

/**
 * A step of a model for one more stream.
 * @throws `ConfigurationError` as `checkStream`, or because the initial state has an unknown slot.
 * @throws `ShapeError` or `ValueError` if the initial state does not fit, or has a value that is not finite.
 */
export const stepFor = (layer: Layer, given: StreamOptions | undefined): Scope<Step> => {
  const { batch, sourceSteps, initialState } = checkStream(layer, given)
  const plans = sharedPlansOf(layer)
  const shared = plans?.for(batch)
  const scope = layer.backend.scope(() =>
    new Step(shared?.scope.value ?? planStep(layer, batch, false, sourceSteps), initialState))
  const release = shared && plans?.use(shared)
  const dispose = (): void => {
    scope[Symbol.dispose]()
    release?.()
  }
  return { ...scope, [Symbol.dispose]: dispose }
}
