import { tensorOver, type Indices } from './tensor.ts'

const counts = new WeakMap<Int32Array, number>() // by the memory, which all views of it share

/** Memory for indices; with `count` for those from 0 to `count - 1` alone, to which everyone who writes it keeps. */
export const indicesOver = (data: Int32Array, shape: readonly number[], count?: number): Indices => {
  if (count !== undefined) counts.set(data, count)
  return tensorOver(data, shape)
}

/** How many rows, tokens or classes indices tell apart: each is less. Infinity where they may be any integers. */
export const indexCount = ({ data }: Indices): number => counts.get(data) ?? Infinity
