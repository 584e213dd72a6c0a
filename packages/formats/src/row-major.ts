import { forEachPosition } from '@recurra/tensor'

/** A view of elements in bytes: where it begins, and how far its elements lie apart, counted in elements. */
export interface StridedBytes {
  readonly bytes: Uint8Array
  /** The bytes of an element. */
  readonly width: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  readonly offset: number
}

/** The elements of a view, one after the other, row by row. */
export const rowMajor = ({ bytes, width, shape, stride, offset }: StridedBytes): Uint8Array => {
  const to = new Uint8Array(shape.reduce((count, size) => count * size, width))
  let at = 0
  forEachPosition({ data: new Float32Array(0), shape, stride, offset }, (position) => {
    for (let i = 0; i < width; i++) to[at++] = bytes[position * width + i]!
  })
  return to
}
