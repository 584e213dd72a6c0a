import { tensorOver, type Indices } from './tensor.ts'

const counts = new WeakMap<Int32Array, number>() // by the memory, which all views of it share

/** Memory for indices. With `count`, only indices from 0 to `count - 1` may be written. */
export const indicesOver = (data: Int32Array, shape: readonly number[], count?: number): Indices => {
  if (count !== undefined) counts.set(data, count)
  return tensorOver(data, shape)
}

/**
 * The number of rows, tokens or classes that the indices refer to: each index is less. Infinity if any integer is
 * allowed.
 */
export const indexCount = ({ data }: Indices): number => counts.get(data) ?? Infinity
