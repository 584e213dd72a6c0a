import type { Backend } from '@recurra/backend'
import {
  copied, disjointView, inSequence, overSteps, passOf, Tape, type CallShape, type Pass, type Variable,
} from '@recurra/layers/authoring'
import { rows, viewOf } from '@recurra/tensor'
import { channelDecay } from './channel-decay.ts'
import { asRowsOfSteps, perGroup, type Chunks, type Pairs } from './chunk-decay.ts'
import { scalarDecay } from './scalar-decay.ts'
import { triangularInverse } from './triangular-inverse.ts'

/** As few chunks of at most `most` steps as there can be, with as little padding. */
export const chunksOf = (steps: number, most: number): Chunks => {
  const size = Math.ceil(steps / Math.ceil(steps / most))
  return { count: Math.ceil(steps / size), size }
}

/**
 * What a recurrence with a matrix state reads and writes, for `groups` = batch · heads matrices; the steps are those of
 * all chunks, the last ones of which may be padding with a decay of 1 and a key of 0.
 */
export interface Recurrence {
  /** q: [steps, groups, keys] */
  readonly query: Variable
  /** k: [steps, groups, keys] */
  readonly key: Variable
  /** v: [steps, groups, values] */
  readonly value: Variable
  /** w, from 0 to 1: one for each matrix [steps, groups], or for each of its rows [steps, groups, keys]. */
  readonly decay: Variable
  /** a: [steps, groups, keys]. Default: there is no correction. */
  readonly read?: Variable | undefined
  /** b: [steps, groups, keys]. Default: k, which makes the correction a part of what is written. */
  readonly write?: Variable | undefined
  /**
   * S before the first chunk and after each: [chunks + 1, groups, keys, values]; and the gradient of the last one,
   * which the way back turns into that of the first one: [groups, keys, values].
   */
  readonly state: Variable
  /** y: [steps, groups, values] */
  readonly y: Variable
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
 * where the bar stands for the decay from the start of the chunk, or to its end. Without a, U is left out; if b is k,
 * V + U is solved for at once. Chunks of one step are the recurrence itself: so a stream runs the same code. The way
 * back is derived, operation by operation.
 */
export const chunkwise = (backend: Backend, recurrence: Recurrence, chunks: Chunks, mode: CallShape['mode']): Pass => {
  const { count, size } = chunks
  const [whole, tape] = [new Tape(backend, mode), new Tape(backend, mode, count)]
  const [, groups, keys] = recurrence.query.value.shape as [number, number, number]
  const inChunks = (of: Variable): Variable => disjointView(of, (x) => {
    const [step, ...strides] = x.stride as [number, ...number[]]
    return viewOf(x, [count, size, ...x.shape.slice(1)], [size * step, step, ...strides], x.offset)
  })
  const [q, k, v] = [recurrence.query, recurrence.key, recurrence.value].map(inChunks) as [Variable, Variable, Variable]
  const y = perGroup(inChunks(recurrence.y))
  const decays = inChunks(recurrence.decay)
  const decay = decays.value.shape.length === 3
    ? scalarDecay(whole, tape, decays, chunks, groups) : channelDecay(whole, tape, decays, chunks, [groups, keys])
  const stateFrom = (chunk: number): Variable =>
    ({ value: rows(recurrence.state.value, chunk, chunk + count), grad: recurrence.state.grad })
  const [before, after] = [stateFrom(0), stateFrom(1)]
  const values = v.value.shape.at(-1)!
  const add = { accumulate: true }

  const [a, b] = [recurrence.read, recurrence.write].map((of) => of && inChunks(of))
  const made = (): Variable => perGroup(tape.variable(size, groups, values))
  const ofKey = decay.pairs(k, q, a)
  const ofWrite = b && decay.pairs(b, q, a)
  const written: [pairs: Pairs, value: Variable][] = []
  if (a) {
    const [seen, solved] = [tape.variable(size, groups, values), made()]
    const inverse = triangularInverse(tape, (ofWrite ?? ofKey).read!, groups, size)
    if (ofWrite) tape.product(perGroup(seen), ofKey.read!, perGroup(v))
    else tape.formula(copied, { y: asRowsOfSteps(seen) }, { x: asRowsOfSteps(v) })
    tape.product(perGroup(seen), perGroup(decay.fromStart(a, false)), before, add)
    written.push([ofWrite ?? ofKey, tape.product(solved, inverse, perGroup(seen))])
  }
  if (!a || ofWrite) written.push([ofKey, perGroup(v)])
  tape.product(y, perGroup(decay.fromStart(q, true)), before)
  // Its way back is in place: so it is recorded after what reads `before`, and before what adds to `after`.
  decay.carry(after, before)
  for (const [{ query, toEnd }, value] of written) {
    tape.product(y, query, value, add)
    tape.product(after, perGroup(toEnd), value, { ...add, transpose: 'a' })
  }
  return inSequence(whole.pass(), overSteps(count, tape.pass()), passOf([], decay.clear))
}
