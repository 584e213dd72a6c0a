import type { Backend, Kernel } from '@recurra/backend'
import { asRows, rows, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import type { CallShape } from './frame.ts'
import { addTo, copy, zero } from './kernels.ts'
import { inSequence, passOf, type Pass } from './pass.ts'
import { variable, viewOn, type Variable } from './variable.ts'

/** The size of a history. */
export interface HistorySize {
  /** The features of a step. */
  readonly size: number
  /** The steps before the first one of the call. */
  readonly before: number
  /** The steps after the last one. Default: 0. */
  readonly after?: number
  /** Whether the steps before come from the state, and the last ones go to it. Otherwise they stay 0. Default: true. */
  readonly carried?: boolean
}

/** The steps of a call with those before and after them. */
export interface StepHistory {
  /** All steps: [before + steps + after, batch, size]. */
  readonly all: Variable
  /** The steps of the call, which the layer writes: [steps, batch, size]. */
  readonly own: Variable
  /** The slots of the state, [batch, before, size]. Default: none, where nothing is carried. */
  readonly state?: {
    /** The steps before the first one. */
    readonly initial: Variable
    /** The last steps, up to the last real one. */
    readonly final: Variable
  }
  /** Fills the steps before. Backward, their gradient is that of the initial state. */
  readonly begin: Pass
  /**
   * Fills the final state; it comes last. Backward, it clears all gradients and takes that of the final state; the
   * layer then adds its own: so sums are the same where a sequence is cut into segments.
   */
  readonly end: Pass
}

/**
 * The memory of a layer that looks back: its inputs, or what it computes from each step, follow those of the steps
 * before. In a stream these are the state, so that a step equals the same step of a whole sequence.
 */
export const historyOf = (
  backend: Backend, { size, before, after = 0, carried = true }: HistorySize, callShape: CallShape,
): StepHistory => {
  const { steps, batch, mode } = callShape
  const training = mode === 'training'
  const all = { ...variable(backend, [before + steps + after, batch, size], training), accumulates: true }
  const own = viewOn(all, (of) => rows(of, before, before + steps))
  const clear = passOf([], [zero(backend, all.grad)])
  if (!carried || before === 0) return { all, own, begin: passOf([]), end: clear }
  const { state, begin, end } = stateOf(backend, all, before, callShape)
  return { all, own, state, begin, end: inSequence(end, clear) }
}

/** Steps before the first one come from the state, and the last ones are the next state. */
const stateOf = (
  backend: Backend, history: Variable, reach: number, { steps, batch, mode, lengths }: CallShape,
): Required<Pick<StepHistory, 'state' | 'begin' | 'end'>> => {
  const training = mode === 'training'
  const slot = (): Variable => variable(backend, [batch, reach, history.value.shape.at(-1)!], training)
  const [initial, final] = [slot(), slot()]
  const move = (from: Tensor, to: Tensor): Kernel[] => copyBlocks(backend, from, to)
  const add = (from: Tensor, to: Tensor): Kernel[] => {
    const places = matricesOf(to)
    return matricesOf(from).map((block, i) => addTo(backend, block, places[i]!))
  }
  const begin = passOf(
    move(swapTimeAndBatch(initial.value), rows(history.value, 0, reach)),
    training ? move(rows(history.grad, 0, reach), swapTimeAndBatch(initial.grad)) : [],
  )
  if (!lengths) {
    const last = (of: Tensor): Tensor => rows(of, steps, steps + reach)
    const end = passOf(
      move(last(history.value), swapTimeAndBatch(final.value)),
      training ? add(swapTimeAndBatch(final.grad), last(history.grad)) : [],
    )
    return { state: { initial, final }, begin, end }
  }
  const ends = Array.from({ length: reach }, (_, k): Pass => {
    const table = (of: Tensor): Tensor => asRows(rows(of, k + 1, k + 1 + steps))
    const indices = lengths.lastRows
    const row = (of: Tensor): Tensor => rows(swapTimeAndBatch(of), k, k + 1)
    return passOf(
      [backend.gather({ out: asRows(row(final.value)), table: table(history.value), indices })],
      training ? [backend.scatterAdd({ table: table(history.grad), rows: asRows(row(final.grad)), indices })] : [],
    )
  })
  return { state: { initial, final }, begin, end: inSequence(...ends) }
}

/** to = from, where both have three axes, and each its own order of the first two. */
export const copyBlocks = (backend: Backend, from: Tensor, to: Tensor): Kernel[] => {
  const places = matricesOf(to)
  return matricesOf(from).map((block, i) => copy(backend, block, places[i]!))
}

/** A tensor with three axes as matrices along the shorter of the first two, since formulas run over matrices. */
const matricesOf = (of: Tensor): Tensor[] => {
  const matrices = of.shape[0]! <= of.shape[1]! ? of : swapTimeAndBatch(of)
  return Array.from({ length: matrices.shape[0]! }, (_, i) => asRows(rows(matrices, i, i + 1)))
}
