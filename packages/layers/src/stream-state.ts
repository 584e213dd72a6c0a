import {
  ConfigurationError, describeValue, isRecord, largestIn, notHeld, ShapeError, sizeOf, ValueError, type DType,
  type Floats,
} from '@recurra/tensor'
import type { Layer } from './layer.ts'
import { describeSignal } from './signal.ts'
import type { Variable } from './variable.ts'

/** One slot of a saved state: a tensor as plain data. */
export interface SavedSlot {
  /** The number type of the backend that it was saved on. */
  readonly dtype: DType
  /** [batch, units], or [batch, …] where a slot has more axes. */
  readonly shape: readonly number[]
  /** Its values, row-major. */
  readonly values: readonly number[]
}

/** The state of a stream as `save` returns it: plain data, which JSON and `structuredClone` preserve exactly. */
export interface StreamState {
  /** The kinds and sizes of the layers that it belongs to. */
  readonly model: string
  /** The number of sequences. */
  readonly batch: number
  /** The state before the next step: a tensor for each slot, named by the path of its layer. */
  readonly slots: { readonly [slot: string]: SavedSlot }
  /** The number of steps taken, if the model has a stride. */
  readonly steps?: number
  /** The sources that `encode` read, one list of numbers each; omitted if the model has no source or none was read. */
  readonly sources?: readonly (readonly number[])[]
}

/** The kinds and sizes of layers, as one line: `a sequence of 3 features -> sequential(0: lstm(16), 1: dense(2))`. */
export const describeLayers = (layer: Layer): string => {
  const inside = ({ type, out, parts }: Layer): string =>
    `${type}(${parts ? parts.map(([name, part]) => `${name}: ${inside(part)}`).join(', ') : out.size})`
  return `${describeSignal(layer.in)} -> ${inside(layer)}`
}

const fix = 'The state is as before: pass what save() gave for a stream of these layers and this batch.'

const expectSame = (where: string, expected: unknown, got: unknown, shape = false): void => {
  if (got === expected) return
  const shown = (value: unknown): string => typeof value === 'string' ? value : describeValue(value)
  throw new (shape ? ShapeError : ConfigurationError)({ where, expected: shown(expected), got: shown(got), fix })
}

function expectRecord(value: unknown, where: string): asserts value is { readonly [name: string]: unknown } {
  if (!isRecord(value)) throw new ConfigurationError({ where, expected: 'an object', got: describeValue(value), fix })
}

/**
 * Checks that a saved state belongs to these layers, this batch and these slots.
 * @throws `ConfigurationError` if it is not a state, belongs to other layers, has other slots, or their dtype is wider
 * than the dtype of the backend.
 * @throws `ShapeError` if it has another batch, or a slot has another shape.
 * @throws `ValueError` if the steps that were taken are not a number of steps, or a value is not a finite number.
 */
export const expectStateOf = (
  state: unknown, layer: Layer, batch: number, slots: ReadonlyMap<string, Variable>,
): void => {
  expectRecord(state, 'restore')
  expectSame('restore, model', describeLayers(layer), state['model'])
  expectSame('restore, batch', batch, state['batch'], true)
  const { steps, slots: saved } = state
  if (layer.stride === undefined) expectSame('restore, steps', undefined, steps)
  else if (!Number.isSafeInteger(steps) || (steps as number) < 0)
    throw new ValueError({ where: 'restore, steps', expected: 'a number of steps', got: describeValue(steps), fix })
  expectRecord(saved, 'restore, slots')
  expectSame('restore, slots', [...slots.keys()].sort().join(), Object.keys(saved).sort().join())
  const { dtype } = layer.backend
  for (const [slot, { value }] of slots) expectSlot(saved[slot], value.shape, dtype, `restore, slot ${slot}`)
}

const expectSlot = (tensor: unknown, shape: readonly number[], dtype: DType, where: string): void => {
  expectRecord(tensor, where)
  // Values of a wider type would be rounded, and the next step would differ. Those of a narrower one are exact.
  if (tensor['dtype'] !== 'float32') expectSame(`${where}, dtype`, dtype, tensor['dtype'])
  expectSame(`${where}, shape`, shape.join(), String(tensor['shape']), true)
  const values = Object(tensor['values']) as ArrayLike<unknown>
  expectSame(`${where}, number of values`, sizeOf(shape), values.length, true)
  expectFinite(values, dtype, where, fix)
}

/**
 * A slot as it is saved.
 * @throws `ValueError` if a value is not finite.
 */
export const savedSlot = (slot: string, values: Floats, shape: readonly number[], dtype: DType): SavedSlot => {
  expectFinite(values, dtype, `save, slot ${slot}`, 'Call reset(), or restore an earlier state.')
  return { dtype, shape: [...shape], values: Array.from(values) }
}

/** @throws `ValueError` if a value is not a number that is finite in the number type. */
export const expectFinite = (values: ArrayLike<unknown>, dtype: DType, where: string, fix: string): void => {
  const largest = largestIn(dtype)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number' || !(Math.abs(value) <= largest))
      throw new ValueError({ where: `${where}, value ${i}`, ...notHeld(value, dtype, fix) })
  }
}
