import { expectSlots, slotsOf, zero, type Frame, type Layer } from '@recurra/layers'
import { ConfigurationError, isRecord, type Tensor } from '@recurra/tensor'
import type { Kernel } from '@recurra/backend'
import type { Batch } from '../data/batch.ts'
import { InputBuffer } from './input-buffer.ts'

/** Takes in the state that the sequences of a batch start from, slot by slot. */
export class InitialStateBuffer {
  /** d loss / d initial state, [batch, units] for each slot; `backward` overwrites it. */
  readonly gradients: { readonly [slot: string]: Tensor }
  readonly #slots: readonly { readonly slot: string; readonly buffer: InputBuffer; readonly zero: Kernel }[]
  readonly #names: readonly string[]
  readonly #known: ReadonlySet<string>
  readonly #carry: boolean
  #given: Batch['initialState']
  #written = false

  constructor(layer: Layer, frame: Frame, batch: number, carry: boolean) {
    const slots = slotsOf(layer, frame.initial)
    this.gradients = Object.fromEntries(slots.map(([slot, { grad }]) => [slot, grad]))
    this.#names = slots.map(([slot]) => slot)
    this.#known = new Set(this.#names)
    this.#carry = carry
    this.#slots = slots.map(([slot, { value }]) => ({
      slot,
      buffer: new InputBuffer(layer.backend, { what: `initialState['${slot}']`, to: value, steps: 1, batch }),
      zero: zero(layer.backend, value),
    }))
  }

  /**
   * Checks the initial state of a batch; `present` says which of its sequences are there.
   * @throws `ConfigurationError` if a slot is not known, or the state is carried; nothing has changed then.
   * @throws `ShapeError` or `ValueError` if a slot cannot be used; nothing has changed then.
   */
  stage(given: Batch['initialState'], present: Uint8Array, step: number): void {
    this.#given = undefined
    if (given === undefined) return
    if (this.#carry)
      throw new ConfigurationError({
        where: 'initialState',
        expected: 'batches without one, where each continues from the state in which the one before it ended',
        got: 'a batch with one',
        fix: 'Leave it out, or do not carry the state.',
      })
    if (!this.#names.length || !this.#areKnown(given)) expectSlots(given, this.#names, 'initialState')
    for (let i = 0; i < this.#slots.length; i++) {
      const { slot, buffer } = this.#slots[i]!
      if (given[slot] !== undefined) buffer.stage(given[slot], present, step)
    }
    this.#given = given
  }

  /** Hands what was staged to the model; without it the state is 0 again, if the last batch had one. */
  write(): void {
    const given = this.#given
    if (!given && !this.#written) return // what is carried, or what was written into the frame, stays
    for (let i = 0; i < this.#slots.length; i++) {
      const { slot, buffer, zero } = this.#slots[i]!
      if (given?.[slot] !== undefined) buffer.write()
      else zero(0)
    }
    this.#written = given !== undefined
  }

  #areKnown(given: object): boolean {
    if (!isRecord(given)) return false
    for (const slot in given) if (!this.#known.has(slot)) return false
    return true
  }
}
