import type { Backend } from '@recurra/backend'
import { column, constant, equal, exp, log, max, select, type Expression } from '@recurra/formula'
import { reshape, sizeOf, type Indices, type Tensor } from '@recurra/tensor'

/** What is known at every step. */
export interface Steps {
  /** The logits: [time, batch, classes]. */
  readonly y: Tensor
  /** log Σ exp of each row of y, which makes probabilities of them: [time, batch]. */
  readonly norm: Tensor
  /** Above 0 at real steps: [time, batch]. At the others paths wait, and y may hold anything. */
  readonly mask: Tensor
}

/** The logarithm of 0. */
export const impossible: Expression = constant(-Infinity)

/** The states of a sequence; beyond them are the end, and states of longer sequences. */
export const inside = (count: Expression): Expression => count.mul(2).add(1).sub(column)

/** 0 instead of -Infinity, from which nothing can be subtracted. */
export const finite = (x: Expression): Expression => select(equal(x, -Infinity), 0, x)

/**
 * What is joined where a path may stay in a state, come from the next one, or leap over that: log(e^a + e^b + e^c),
 * without overflow; -Infinity where all of them are.
 */
export const joined = (
  { stay, move, skip, leap }: { readonly [name in 'stay' | 'move' | 'skip' | 'leap']: Expression },
): Expression => {
  const ways = [stay, move, select(leap, skip, impossible)]
  const top = finite(ways.reduce((a, b) => max(a, b)))
  return log(ways.map((way) => exp(way.sub(top))).reduce((a, b) => a.add(b))).add(top)
}

/** A table of single numbers, one after the other. */
export const single = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape), 1])
export const listed = (x: Indices): Indices => reshape(x, [sizeOf(x.shape)])

/** Memory for all steps and one more: nothing is possible yet. */
export const nowhere = (backend: Backend, shape: readonly number[]): Tensor => {
  const memory = backend.zeros(shape)
  backend.write(memory, new Float64Array(sizeOf(shape)).fill(-Infinity))
  return memory
}
