import { javascript, matrixRecurrence, namedVariables, sequential } from 'recurra'
import { constant } from 'recurra/authoring'

/** A memory of pairs, and how it writes them. */
export interface MemorySizes {
  readonly keys: number
  readonly values: number
  /** What a step keeps of the matrix. */
  readonly decay: number
  /** Whether it first takes away what lies under the key. */
  readonly corrected?: boolean
}

/** What a step gets; what is left out is 0. */
export interface MemoryStep {
  readonly query?: readonly number[]
  readonly key?: readonly number[]
  readonly value?: readonly number[]
}

/** What the query reads after the step, and the matrix. */
export interface MemoryAnswer { readonly y: readonly number[]; readonly S: readonly number[] }

const backend = javascript({ dtype: 'float64' })

/** A recurrence that gets its queries, keys and values as they are: its projections take each from its place. */
export const memoryOf = (
  { keys, values, decay, corrected = false }: MemorySizes,
): ((step: MemoryStep) => MemoryAnswer) => {
  const memory = matrixRecurrence('memory', {
    projections: { q: 'key', k: 'key', v: 'value' },
    head: () => ({ decay: constant(decay) }),
    key: ({ x }) => ({
      query: x.q, key: x.k, ...(corrected && { read: x.k.mul(-decay), write: x.k }),
    }),
    value: ({ x }) => x.v,
  })
  const width = 2 * keys + values
  const model = sequential(width, [memory(values, { keys })], { backend })
  let from = 0
  for (const [, { value }] of namedVariables(model.params)) {
    const [columns, first] = [value.shape[1]!, from]
    backend.write(value, Float64Array.from({ length: width * columns }, (_, i) =>
      Math.floor(i / columns) - first === i % columns ? 1 : 0))
    from += columns
  }
  const stream = model.stream()
  const none = (length: number): number[] => Array.from({ length }, () => 0)
  return ({ query = none(keys), key = none(keys), value = none(values) }) => {
    const y = stream.step([...query, ...key, ...value])
    return { y: [...backend.read(y)], S: (stream.state['0.S'] as number[][][][]).flat(3) }
  }
}
