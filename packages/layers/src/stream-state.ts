import {
  ConfigurationError, describeValue, isRecord, largestIn, notHeld, ShapeError, sizeOf, ValueError, type DType,
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
 * Checks that a saved state belongs to these layers and this batch.
 * @throws `ConfigurationError` if it is not a state, or belongs to other layers.
 * @throws `ShapeError` if it has another batch.
 * @throws `ValueError` if the steps that were taken are not a number of steps.
 */
export const expectStateOf = (state: unknown, layer: Layer, batch: number): void => {
  expectRecord(state, 'restore')
  expectSame('restore, model', describeLayers(layer), state['model'])
  expectSame('restore, batch', batch, state['batch'], true)
  const steps = state['steps']
  if (layer.stride === undefined) expectSame('restore, steps', undefined, steps)
  else if (!Number.isSafeInteger(steps) || (steps as number) < 0)
    throw new ValueError({ where: 'restore, steps', expected: 'a number of steps', got: describeValue(steps), fix })
}

/**
 * Checks the slots of a saved state.
 * @throws `ConfigurationError` if the slots differ, or their dtype is wider than the dtype of the backend.
 * @throws `ShapeError` if one has another shape.
 * @throws `ValueError` if a value is not a finite number.
 */
export const expectSavedSlots = (saved: unknown, slots: ReadonlyMap<string, Variable>, dtype: DType): void => {
  expectRecord(saved, 'restore, slots')
  expectSame('restore, slots', [...slots.keys()].sort().join(), Object.keys(saved).sort().join())
  for (const [slot, { value }] of slots) {
    const tensor = saved[slot]
    const where = `restore, slot ${slot}`
    expectRecord(tensor, where)
    // Values of a wider type would be rounded, and the next step would differ. Those of a narrower one are exact.
    if (tensor['dtype'] !== 'float32') expectSame(`${where}, dtype`, dtype, tensor['dtype'])
    expectSame(`${where}, shape`, value.shape.join(), String(tensor['shape']), true)
    const values = Object(tensor['values']) as ArrayLike<unknown>
    expectSame(`${where}, number of values`, sizeOf(value.shape), values.length, true)
    expectFinite(values, dtype, where, fix)
  }
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
