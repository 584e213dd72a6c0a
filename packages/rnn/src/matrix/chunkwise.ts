import type { Backend, Kernel } from '@recurra/backend'
import { overSteps, type Pass, type Variable } from '@recurra/layers/authoring'
import { rows, viewOf, type Tensor } from '@recurra/tensor'
import { channelDecay } from './channel-decay.ts'
import { scalarDecay } from './scalar-decay.ts'
import { Tape, type Traced } from './tape.ts'
import { triangularInverse } from './triangular-inverse.ts'

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

/**
 * What a recurrence with a matrix state reads and writes, for `groups` = batch · heads matrices; the steps are those of
 * all chunks, the last ones of which may be padding with a decay of 1 and a key of 0.
 */
export interface Recurrence {
  /** q: [steps, groups, keys] */
  readonly query: Traced
  /** k: [steps, groups, keys] */
  readonly key: Traced
  /** v: [steps, groups, values] */
  readonly value: Traced
  /** w, from 0 to 1: one for each matrix [steps, groups], or for each of its rows [steps, groups, keys]. */
  readonly decay: Traced
  /** a: [steps, groups, keys]. Default: there is no correction. */
  readonly read?: Traced | undefined
  /** b: [steps, groups, keys], given together with a. */
  readonly write?: Traced | undefined
  /** S before the first chunk and after each: [chunks + 1, groups, keys, values]. */
  readonly state: Variable
  /** y: [steps, groups, values] */
  readonly y: Traced
}

/**
 * The recurrence that all layers with a matrix state share,
 *
 * $$ S_t = w_t \odot S_{t-1} + b_t (a_t^\top S_{t-1}) + k_t v_t^\top \qquad y_t = S_t^\top q_t $$
 *
 * computed a chunk of C steps at a time (Hua et al. 2022, Yang et al. 2024): within a chunk by products of matrices,
 * and only from chunk to chunk through the state. With U the rows uₜ = Sₜ₋₁'aₜ, and A the scores of all pairs of steps,
 * decayed from one to the other,
 *
 * $$ U = (I - A^{ab})^{-1} (A^{ak} V + \bar a S_0) \qquad Y = A^{qk} V + A^{qb} U + \bar q S_0 \qquad
 * S_C = \bar w \odot S_0 + \bar k^\top V + \bar b^\top U $$
 *
 * where the bar stands for the decay from the start of the chunk, or to its end. Without a and b, U is left out. Chunks
 * of one step are the recurrence itself: so a stream runs the same code. The way back is derived, operation by
 * operation; what it needs of a chunk is computed again, so that memory grows by one state per chunk alone.
 */
export const chunkwise = (backend: Backend, recurrence: Recurrence, chunks: Chunks, training: boolean): Pass => {
  const tape = new Tape(backend, training)
  const { count, size } = chunks
  const [, groups, keys] = recurrence.query.value.shape as [number, number, number]
  const known = new Map<Traced, Traced>()
  const inChunks = (of: Traced): Traced => {
    const see = (x: Tensor): Tensor => {
      const [, ...axes] = x.shape
      const [step, ...strides] = x.stride as [number, ...number[]]
      if (axes.length === 1) return viewOf(x, [count, size, ...axes], [size * step, step, ...strides], x.offset)
      const [group, ...inner] = strides as [number, ...number[]]
      return viewOf(x, [count, groups, size, ...axes.slice(1)], [size * step, group, step, ...inner], x.offset)
    }
    const view = known.get(of) ?? { value: see(of.value), grad: training ? see(of.grad) : of.grad }
    known.set(of, view)
    return view
  }
  const [q, k, v, y] = [recurrence.query, recurrence.key, recurrence.value, recurrence.y].map(inChunks) as
    [Traced, Traced, Traced, Traced]
  const perHead = recurrence.decay.value.shape.length === 2
  const decay = perHead
    ? scalarDecay(tape, inChunks(recurrence.decay), [size, groups, keys])
    : channelDecay(tape, inChunks(recurrence.decay), [size, groups, keys])
  const stateFrom = (chunk: number): Traced => {
    const see = (x: Tensor): Tensor => rows(x, chunk, chunk + count)
    const { value, grad } = recurrence.state
    return { value: see(value), grad: training ? see(grad) : grad }
  }
  const [before, after] = [stateFrom(0), stateFrom(1)]
  const values = v.value.shape.at(-1)!
  const add = { accumulate: true }

  const { read, write } = recurrence
  const pairs: [key: Traced, value: Traced][] = [[k, v]]
  if (read && write) {
    const [a, b] = [inChunks(read), inChunks(write)]
    const inverse = triangularInverse(tape, decay.scores(a, b, false), groups, size)
    const seen = tape.product(tape.variable(groups, size, values), decay.scores(a, k, false), v)
    tape.product(seen, decay.fromStart(a, false), before, add)
    pairs.push([b, tape.product(tape.variable(groups, size, values), inverse, seen)])
  }
  tape.product(y, decay.fromStart(q, true), before)
  decay.carry(after, before)
  for (const [key, value] of pairs) {
    tape.product(y, decay.scores(q, key, true), value, add)
    tape.product(after, decay.toEnd(key), value, { ...add, transpose: 'a' })
  }
  const { forward, again, backward } = tape.kernels()
  // Right after the way forward, the last chunk is still there.
  const back: Kernel = (step) => {
    if (step < count - 1) again(step)
    backward(step)
  }
  return overSteps(count, { forward, backward: back })
}
