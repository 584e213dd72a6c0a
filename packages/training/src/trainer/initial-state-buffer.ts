import { expectSlots, slotsOf, zero, type CallShape, type Frame, type Layer } from '@recurra/layers/authoring'
import {
  ConfigurationError, expectShape, flatValues, isContiguous, isRecord, isTensor, sizeOf, type Tensor,
} from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import { inputBufferOf } from './input-buffer.ts'

/** Takes in the state that the sequences of a batch start from, slot by slot. */
export interface InitialStateBuffer {
  /** d loss / d initial state, [batch, …] for each slot; `backward` overwrites it. */
  readonly gradients: { readonly [slot: string]: Tensor }
  /**
   * Checks the initial state of a batch; `present` says which of its sequences are there.
   * @throws `ConfigurationError` if a slot is unknown, or the state is carried; then nothing has changed.
   * @throws `ShapeError` or `ValueError` if a slot cannot be used; then nothing has changed.
   */
  stage(given: Batch['initialState'], present: Uint8Array, step: number): void
  /** Hands what was staged to the model; without it the state is 0 again, if the last batch had one. */
  write(): void
}

/** Plans it for the frame of a model. */
export const initialStateBufferOf = (
  layer: Layer, frame: Frame, { batch, mode }: Pick<CallShape, 'batch' | 'mode'>, carry: boolean,
): InitialStateBuffer => {
  const { backend } = layer
  const all = slotsOf(layer, frame.initial)
  const names = all.map(([slot]) => slot)
  const known = new Set(names)
  const slots = all.map(([slot, { value }]) => ({
    slot,
    value,
    buffer: inputBufferOf(backend, { what: `initialState['${slot}']`, shape: value.shape, steps: 1, batch, mode }),
    zero: zero(backend, value),
  }))
  const areKnown = (given: object): boolean => {
    if (!isRecord(given)) return false
    for (const slot in given) if (!known.has(slot)) return false
    return true
  }
  let staged: Batch['initialState']
  let written = false
  return {
    gradients: Object.fromEntries(all.map(([slot, { grad }]) => [slot, grad])),
    stage(given, present, step) {
      staged = undefined
      if (given === undefined) return
      if (carry)
        throw new ConfigurationError({
          where: 'initialState',
          expected: 'batches without one, where each continues from the state in which the one before it ended',
          got: 'a batch with one',
          fix: 'Leave it out, or do not carry the state.',
        })
      if (!names.length || !areKnown(given)) expectSlots(given, names, 'initialState')
      for (let i = 0; i < slots.length; i++) {
        const { slot, value, buffer } = slots[i]!
        const values = given[slot]
        if (values !== undefined) buffer.stage(isTensor(values) ? listOf(values, value, slot) : values, present, step)
      }
      staged = given
    },
    write() {
      if (!staged && !written) return // what is carried, or what was written into the frame, stays
      for (let i = 0; i < slots.length; i++) {
        const { slot, value, buffer, zero } = slots[i]!
        if (staged?.[slot] !== undefined) buffer.write(value)
        else zero(0)
      }
      written = staged !== undefined
    },
  }
}

/** The values of a tensor of the shape of a slot, which is that of the whole batch. */
const listOf = (given: Tensor, { shape }: Tensor, slot: string): ArrayLike<number> => {
  expectShape(given, shape, `initialState['${slot}']`)
  const whole = isContiguous(given) && given.offset === 0 && given.data.length === sizeOf(given.shape)
  return whole ? given.data : flatValues(given)
}
