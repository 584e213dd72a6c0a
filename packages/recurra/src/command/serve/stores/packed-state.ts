import type { StreamState } from '@recurra/layers'

/** A saved state whose values are bytes in base64: a fifth of the length that they have as decimal numbers. */
export interface PackedState extends Omit<StreamState, 'slots'> {
  readonly slots: {
    readonly [slot: string]: Omit<StreamState['slots'][string], 'values'> & { readonly values: string }
  }
}

/** The same state in less space, exactly. */
export const packState = (state: StreamState): PackedState => ({
  ...state,
  slots: Object.fromEntries(Object.entries(state.slots).map(([name, slot]) => {
    const { buffer } = slot.dtype === 'float64' ? Float64Array.from(slot.values) : Float32Array.from(slot.values)
    return [name, { ...slot, values: Buffer.from(buffer).toString('base64') }]
  })),
})

/** The state that was packed. */
export const unpackState = (packed: PackedState): StreamState => ({
  ...packed,
  slots: Object.fromEntries(Object.entries(packed.slots).map(([name, slot]) => {
    const bytes = Uint8Array.from(Buffer.from(slot.values, 'base64')).buffer
    const values = Array.from<number>(slot.dtype === 'float64' ? new Float64Array(bytes) : new Float32Array(bytes))
    return [name, { ...slot, values }]
  })),
})
