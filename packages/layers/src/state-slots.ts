import { after, allOf, type Backend } from '@recurra/backend'
import {
  ConfigurationError, describeShape, describeValue, expectKnown, flatValues, isRecord, ShapeError, shapeOf, sizeOf,
  tensorOver, toNested, type Floats, type Nested, type TensorLike,
} from '@recurra/tensor'
import type { Layer } from './layer.ts'
import { expectFinite, expectSavedSlots, type StreamState } from './stream-state.ts'
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

/** The state of a stream as plain values, to read, save and write back. */
export class StateSlots {
  readonly #backend: Backend
  readonly #slots: ReadonlyMap<string, Variable>
  /** The initial state, unless it is 0. */
  readonly #start: SlotNumbers | undefined

  /** @throws `ConfigurationError`, `ShapeError` or `ValueError` as `write`, if it cannot start from `start`. */
  constructor(layer: Layer, state: State, start: InitialState = {}) {
    this.#backend = layer.backend
    this.#slots = new Map(slotsOf(layer, state))
    if (isRecord(start) && Object.keys(start).length === 0) return
    this.#start = this.#numbersOf(start, 'initialState')
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
   * A copy of the state as plain data, by slot, or a promise of it.
   * @throws `ValueError` if a value is not finite.
   */
  save(): StreamState['slots'] | Promise<StreamState['slots']> {
    const { dtype } = this.#backend
    return this.#copied((slot, values, shape) => {
      expectFinite(values, dtype, `save, slot ${slot}`, 'Call reset(), or restore an earlier state.')
      return { dtype, shape: [...shape], values: Array.from(values) }
    })
  }

  /**
   * Checks a saved state, and returns a function that writes it.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `expectSavedSlots`.
   */
  restoring(saved: StreamState['slots']): () => void {
    expectSavedSlots(saved, this.#slots, this.#backend.dtype)
    return () => {
      for (const [slot, { value }] of this.#slots) this.#backend.write(value, saved[slot]!.values)
    }
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
