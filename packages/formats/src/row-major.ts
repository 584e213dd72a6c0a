import { forEachPosition, isContiguous, sizeOf } from '@recurra/tensor'

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
  const [view, length] = [{ data: new Float32Array(0), shape, stride, offset }, sizeOf(shape) * width]
  if (isContiguous(view)) return bytes.slice(offset * width, offset * width + length)
  const to = new Uint8Array(length)
  let at = 0
  forEachPosition(view, (position) => {
    for (let i = 0; i < width; i++) to[at++] = bytes[position * width + i]!
  })
  return to
}
