import type { Grid, Place } from '../../grid.ts'
import { float } from './table.ts'

/** The place of an operand: its offset in bytes from a pointer. */
export interface Spot {
  readonly pointer: number
  readonly distance: number
  /** Holds integers, which are converted. */
  readonly whole: boolean
}

/**
 * Operands in one block of memory with the same strides share a pointer: separate pointers would cost up to half the
 * time. The distances are part of the code, but the addresses are not, so plans of one layout share a module.
 */
export interface Layout {
  readonly spots: readonly Spot[]
  /** For each pointer, the operand at its start. */
  readonly pointers: readonly Place[]
}

const moveAlike = (a: Place, b: Place): boolean => a.data === b.data && a.perStep === b.perStep && a.perRow === b.perRow

export const layoutOf = ({ places }: Grid): Layout => {
  const pointers: Place[] = []
  for (const place of places) {
    const known = pointers.findIndex((pointer) => moveAlike(pointer, place))
    if (known < 0) pointers.push(place)
    else if (place.offset < pointers[known]!.offset) pointers[known] = place
  }
  const spots = places.map((place): Spot => {
    const pointer = pointers.findIndex((one) => moveAlike(one, place))
    return {
      pointer,
      distance: (place.offset - pointers[pointer]!.offset) * float,
      whole: place.data instanceof Int32Array,
    }
  })
  return { spots, pointers }
}

/** The layout as text: a cache key. */
export const describeLayout = ({ spots, pointers }: Layout): string =>
  [
    ...spots.map(({ pointer, distance, whole }) => `${pointer}${whole ? 'i' : 'f'}${distance}`),
    ...pointers.map(({ perStep, perRow }) => `${perStep ? 's' : ''}${perRow ? 'r' : ''}`),
  ].join(' ')
