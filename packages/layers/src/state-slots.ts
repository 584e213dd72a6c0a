import { after, allOf, type Backend } from '@recurra/backend'
import {
  ConfigurationError, describeShape, describeValue, expectKnown, flatValues, isRecord, ShapeError, shapeOf, sizeOf,
  tensorOver, toNested, type Floats, type Nested, type TensorLike,
} from '@recurra/tensor'
import type { Conditioned, StreamSource } from './conditioned.ts'
import type { Layer } from './layer.ts'
import { describeLayers, expectFinite, expectStateOf, savedSlot, type StreamState } from './stream-state.ts'
import { namedVariables, type State, type Variable } from './variable.ts'

/**
 * The initial state of recurrent layers by slot: [batch, units], or [batch, …] for slots with more axes, such as a
 * matrix per head. Like parameters, slots are named by the path of their layer: `0.h` and `0.c` for an LSTM at index 0,
 * `1.forward.h` for a bidirectional layer at index 1, `encoder.h` for `named('encoder', gru(8))`. Omitted slots are 0.
 */
export interface InitialState { readonly [slot: string]: TensorLike }

/** A state as plain values: for each slot a list with one row per sequence. */
export interface SlotValues { [slot: string]: Nested[] }

/** Every slot of a state with its path: the path of its layer in the model, and its own name. */
export const slotsOf = ({ parts }: Layer, state: State, path = ''): (readonly [slot: string, vector: Variable])[] =>
  parts && Array.isArray(state) && state.length === parts.length
    ? parts.flatMap(([name, part], i) => slotsOf(part, (state as readonly State[])[i]!, `${path}${name}.`))
    : namedVariables(state).map(([name, vector]) => [path + name, vector] as const)

/**
 * Checks that an object has only names of slots that the model has.
 * @throws `ConfigurationError` if it does not; the error suggests the nearest slot.
 */
export const expectSlots = (given: object, known: readonly string[], where: string): void => {
  if (!isRecord(given))
    throw new ConfigurationError({
      where,
      expected: 'values by slot',
      got: describeValue(given),
      fix: `Pass an object: { '${known[0] ?? '0.h'}': … }.`,
    })
  if (known.length === 0)
    throw new ConfigurationError({
      where,
      expected: 'a model with a state of its own',
      got: 'one without recurrent layers, or one that starts from its source',
      fix: 'Leave it out.',
    })
  expectKnown(Object.keys(given), known, where, 'slot')
}

type SlotNumbers = ReadonlyMap<string, Float64Array>

/** What a state belongs to. */
export interface StateOwner {
  readonly layer: Layer
  /** The number of sequences. */
  readonly batch: number
  /** What reads the source, where the model has one. */
  readonly source: StreamSource | undefined
}

/** The state of a stream as plain values, to read, save and write back. */
export class StateSlots {
  readonly #owner: StateOwner
  readonly #backend: Backend
  readonly #slots: ReadonlyMap<string, Variable>
  /** The initial state, unless it is 0. */
  #start: SlotNumbers | undefined

  constructor(owner: StateOwner, state: State) {
    const { layer } = owner
    this.#owner = owner
    this.#backend = layer.backend
    this.#slots = new Map(slotsOf(layer.source ? (layer as Conditioned).decoder : layer, state))
  }

  /**
   * Sets the initial state, and the state to it.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `write`.
   */
  startFrom(initial: InitialState): void {
    if (isRecord(initial) && Object.keys(initial).length === 0) return
    this.#start = this.#numbersOf(initial, 'initialState')
    this.reset()
  }

  /** A copy of the values, or a promise of it. */
  read(): SlotValues | Promise<SlotValues> {
    return this.#copied((_, values, shape) => toNested(tensorOver(values, shape)) as Nested[])
  }

  /**
   * Writes the state; omitted slots become 0.
   * @throws `ConfigurationError` if a slot is unknown; then nothing has changed.
   * @throws `ShapeError` if a slot has more values or fewer; then nothing has changed.
   * @throws `ValueError` if one is not a number that is finite in the number type; then nothing has changed.
   */
  write(given: InitialState): void {
    this.#put(this.#numbersOf(given, 'setState'))
  }

  /**
   * A copy of what the next step depends on after a number of steps, or a promise of it.
   * @throws `ValueError` if a value is not finite.
   */
  save(steps: number): StreamState | Promise<StreamState> {
    const { layer, batch, source } = this.#owner
    const { dtype } = this.#backend
    const others = { ...(source?.sources && { sources: source.sources }), ...(layer.stride && { steps }) }
    const slots = this.#copied((slot, values, shape) => savedSlot(slot, values, shape, dtype))
    return after(slots, (slots) => ({ model: describeLayers(layer), batch, slots, ...others }))
  }

  /**
   * Writes what `save` returned; returns the number of steps.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` if it does not belong here; then nothing has changed.
   */
  restore(saved: StreamState): number {
    const { layer, batch, source } = this.#owner
    expectStateOf(saved, layer, batch, this.#slots)
    source?.restore(saved.sources)
    for (const [slot, { value }] of this.#slots) this.#backend.write(value, saved.slots[slot]!.values)
    return saved.steps ?? 0
  }

  /** Restores the initial state. */
  reset(): void {
    this.#put(this.initial)
  }

  /** The initial state: its numbers by slot, row-major. */
  get initial(): SlotNumbers {
    return this.#start ?? this.#zeros()
  }

  #zeros(): SlotNumbers {
    return new Map(Array.from(this.#slots, ([slot, { value }]) => [slot, new Float64Array(sizeOf(value.shape))]))
  }

  #copied<T>(
    make: (slot: string, values: Floats, shape: readonly number[]) => T,
  ): { [slot: string]: T } | Promise<{ [slot: string]: T }> {
    const slots = [...this.#slots]
    return after(allOf(slots.map(([, { value }]) => this.#backend.readAsync(value))), (read) =>
      Object.fromEntries(slots.map(([slot, { value: { shape } }], i) => [slot, make(slot, read[i]!, shape)])))
  }

  #put(values: SlotNumbers): void {
    for (const [slot, { value }] of this.#slots) this.#backend.write(value, values.get(slot)!)
  }

  #numbersOf(given: InitialState, where: string): SlotNumbers {
    expectSlots(given, [...this.#slots.keys()], where)
    const numbers = this.#zeros()
    for (const [slot, staged] of numbers) {
      if (given[slot] === undefined) continue
      const at = `${where}['${slot}']`
      this.#expectShape(shapeOf(given[slot], at), slot, at)
      const values = flatValues(given[slot], at)
      expectFinite(values, this.#backend.dtype, at, 'The state is as before: pass one that can be used.')
      staged.set(values)
    }
    return numbers
  }

  #expectShape(shape: readonly number[], slot: string, where: string): void {
    const [batch, ...row] = this.#slots.get(slot)!.value.shape
    const fitting = [[batch!, ...row], ...(batch === 1 ? [row] : [])]
    if (fitting.some((one) => describeShape(one) === describeShape(shape))) return
    throw new ShapeError({
      where,
      expected: `shape ${describeShape(fitting[0]!)}, a ${row.length > 1 ? 'slot' : 'row of units'} for each sequence`,
      got: describeShape(shape),
      fix: 'Pass as many rows as the stream has, each with one value per unit.',
    })
  }
}
