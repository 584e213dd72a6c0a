import type { Kernel } from '@recurra/backend'
import { disjointView, viewOn, type Variable } from '@recurra/layers/authoring'
import { viewOf, type Tensor } from '@recurra/tensor'

/** How the steps of a call lie in chunks of the same size; the last one may be padded. */
export interface Chunks {
  /** The number of chunks. */
  readonly count: number
  /** The steps of each. */
  readonly size: number
}

/** The pairs of steps of a chunk that one of its keys is part of. */
export interface Pairs {
  /** Σ query_i · key_j for j ≤ i, each channel decayed from step j to step i; 0 for later j: [groups, C, C]. */
  readonly query: Variable
  /** Σ read_i · key_j for j < i, decayed to the state before step i; 0 for others: [groups, C, C]. */
  readonly read?: Variable
  /** key_j, decayed from step j to the end of the chunk: [C, groups, keys]. */
  readonly toEnd: Variable
}

/** What decays do within one chunk of C steps. Every factor lies within [0, 1], so that nothing overflows. */
export interface ChunkDecay {
  /** Scores of all pairs of steps; where there is no `read`, there are no scores of it. */
  pairs(key: Variable, query: Variable, read?: Variable): Pairs
  /**
   * left_i, decayed from the state before the chunk to step i: [C, groups, keys]. With `inclusive`, the decay of step i
   * counts; without, left_i sees the state before step i.
   */
  fromStart(left: Variable, inclusive: boolean): Variable
  /** next = state, decayed by the whole chunk: [groups, keys, values]. */
  carry(next: Variable, state: Variable): void
  /** Clears the gradients that all chunks add to. */
  readonly clear: readonly Kernel[]
}

/** A view with the last `inner` axes replaced; those before, such as one for chunks, stay. */
export const viewInside = (...[of, ...axes]: [Variable, ...InnerAxes]): Variable => viewOn(of, inside(...axes))

/** The same of elements that no other such view shows. */
export const disjointViewInside = (...[of, ...axes]: [Variable, ...InnerAxes]): Variable =>
  disjointView(of, inside(...axes))

type InnerAxes = [inner: number, shape: readonly number[], stride: readonly number[], from?: number]

const inside = (...[inner, shape, stride, from = 0]: InnerAxes) => (x: Tensor): Tensor => {
  const outer = x.shape.length - inner
  return viewOf(x, [...x.shape.slice(0, outer), ...shape], [...x.stride.slice(0, outer), ...stride], x.offset + from)
}

/** [C, groups, width] as rows: those of all groups at the first step, then at the second, and so on. */
export const asRowsOfSteps = (of: Variable, from = 0, steps?: number): Variable => {
  const [size, groups, width] = of.value.shape.slice(-3) as [number, number, number]
  return viewInside(of, 3, [(steps ?? size) * groups, width], [width, 1], from * groups * width)
}

/** [C, groups, width] as a matrix per group: [groups, C, width]. */
export const perGroup = (of: Variable): Variable => {
  const [size, groups, width] = of.value.shape.slice(-3) as [number, number, number]
  return viewInside(of, 3, [groups, size, width], [width, groups * width, 1])
}
