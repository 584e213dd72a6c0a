import { ConfigurationError, sizeOf, type Floats } from '@recurra/tensor'
import type { Layer, Stride } from '../layer.ts'
import { slotsOf, type InitialState } from '../state-slots.ts'
import { stepFor } from '../step-for.ts'
import { describeLayers, expectStateOf, savedSlot, type StreamState } from '../stream-state.ts'
import type { Variable } from '../variable.ts'
import type { Member } from './member.ts'

type Numbers = Float32Array | Float64Array

/** How the state of one session is laid out, and how it starts. */
export class SessionState {
  readonly #layer: Layer
  readonly #model: string
  readonly #slots: ReadonlyMap<string, Variable>
  readonly #initial: readonly Float64Array[]

  /** @throws `ConfigurationError`, `ShapeError` or `ValueError` as `stepFor`, or because the model has a source. */
  constructor(layer: Layer, initialState: InitialState | undefined) {
    if (layer.source)
      throw new ConfigurationError({
        where: 'sessions',
        expected: 'a model without a source',
        got: layer.type,
        fix: 'Make a stream for each source: model.stream().',
      })
    const { value: { frame, state } } = stepFor(layer, { batch: 1, ...(initialState && { initialState }) })
    this.#layer = layer
    this.#model = describeLayers(layer)
    this.#slots = new Map(slotsOf(layer, frame.initial))
    this.#initial = [...state.initial.values()]
  }

  get stride(): Stride | undefined {
    return this.#layer.stride
  }

  /** New memory for a state. */
  allocate(): readonly Floats[] {
    const { dtype } = this.#layer.backend
    return [...this.#slots.values()].map(({ value: { shape } }) =>
      dtype === 'float64' ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)))
  }

  reset(member: Member): void {
    this.#write(member, this.#initial, 0)
  }

  /**
   * A copy of a state.
   * @throws `ValueError` if a value is not finite.
   */
  save({ state, steps, holder }: Member): StreamState {
    holder?.release()
    const { stride, backend: { dtype } } = this.#layer
    const slots = Object.fromEntries([...this.#slots].map(([slot, { value: { shape } }], k) =>
      [slot, savedSlot(slot, state[k]!, shape, dtype)]))
    return { model: this.#model, batch: 1, slots, ...(stride && { steps }) }
  }

  /**
   * Checks a saved state and copies it, for a session to take over later.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if it is of another model, or is not finite.
   */
  restoring(saved: StreamState): (member: Member) => void {
    expectStateOf(saved, this.#layer, 1, this.#slots)
    const values = [...this.#slots.keys()].map((slot) => Float64Array.from(saved.slots[slot]!.values))
    const { steps = 0 } = saved
    return (member) => this.#write(member, values, steps)
  }

  #write(member: Member, values: readonly ArrayLike<number>[], steps: number): void {
    member.holder = undefined // what is there is past
    member.steps = steps
    values.forEach((from, k) => (member.state[k] as Numbers).set(from))
  }
}
