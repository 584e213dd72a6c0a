/** How the steps of a call lie in chunks of the same size; the last one may be padded. */
export interface Chunks {
  /** The number of chunks. */
  readonly count: number
  /** The steps of each. */
  readonly size: number
}

/** As few chunks of at most `most` steps as there can be, with as little padding; `double` asks for a power of two. */
export const chunksOf = (steps: number, most: number, double: boolean): Chunks => {
  const even = Math.ceil(steps / Math.ceil(steps / most))
  const size = double ? 2 ** Math.ceil(Math.log2(even)) : even
  return { count: Math.ceil(steps / size), size }
}
