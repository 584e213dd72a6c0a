import type { Backend, Kernel } from '@recurra/backend'
import { constant, formula } from '@recurra/formula'
import { asRows, rows, swapTimeAndBatch, type Indices, type Tensor } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { addTo, copy, copyPadded, features, zero } from '../kernels.ts'
import { inSequence, passOf, type Pass } from '../pass.ts'
import { requiresGradient, variable, type Slots, type Variable, type Wire } from '../variable.ts'
import { isCausal, paddingOf, reachOf, type Windows } from './padding.ts'

/** The inputs of all windows, tap by tap. */
export interface Taps {
  /** For each position in the kernel, the input of every window: [steps of the output · batch, features]. */
  readonly taps: readonly Variable[]
  /** The inputs before the first step, of causal windows: `x` [batch, reach, features]. */
  readonly initial: Slots
  /** Those before the step behind the last one. */
  readonly final: Slots
  /** Fills the taps. Backward, the gradients of the taps go back to the input and the initial state. */
  readonly begin: Pass
  /**
   * Fills the final state; it comes last. Backward, the gradients of the taps become 0, and those of the final state
   * are added first: so the sums are the same where the sequence is cut into segments.
   */
  readonly end: Pass
}

/**
 * The steps of a sequence as the windows see them. Where windows lie one step apart, each tap is a view of one
 * history of inputs, shifted by its position; otherwise it is gathered from it.
 */
export const tapsOf = (
  backend: Backend, windows: Windows, x: Wire, callShape: CallShape, outputs: number, fill = 0,
): Taps => {
  const { steps, batch, mode } = callShape
  const { kernel, stride, dilation } = windows
  const [size, training, reach] = [x.value.shape.at(-1)!, mode === 'training', reachOf(windows)]
  const causal = isCausal(windows)
  const [left, right] = callShape.streaming ? [reach, 0] : paddingOf(windows, steps)
  const before = causal ? reach : left
  const history = variable(backend, [before + steps + right, batch, size], training)
  const part = (from: number, to: number): Variable => ({
    value: rows(history.value, from, to), grad: training ? rows(history.grad, from, to) : history.grad,
  })
  const own = part(before, before + steps)
  const read = passOf(
    [copyPadded(backend, features(x), asRows(own.value), callShape, fill)],
    training && requiresGradient(x) ? [copy(backend, own.grad, x.grad)] : [],
  )
  const around = [part(0, before), part(before + steps, before + steps + right)].filter(({ value }) => value.shape[0])
  if (fill !== 0 && !causal) for (const { value } of around) fillWith(backend, value, fill)
  const state = causal && reach > 0
    ? stateOf(backend, history, reach, callShape) : { initial: {}, final: {}, begin: passOf([]), end: passOf([]) }

  const first = before - left
  const taps = Array.from({ length: kernel }, (_, k): { readonly of: Variable; readonly pass: Pass } => {
    const from = first + k * dilation
    const seen = part(from, from + (outputs - 1) * stride + 1)
    const table = { value: asRows(seen.value), grad: training ? asRows(seen.grad) : seen.grad }
    if (stride === 1 || outputs === 1) return { of: table, pass: passOf([]) }
    const of = variable(backend, [outputs * batch, size], training)
    const indices = rowsAt(backend, outputs, batch, stride)
    return { of, pass: passOf(
      [backend.gather({ out: of.value, table: table.value, indices })],
      training ? [backend.scatterAdd({ table: table.grad, rows: of.grad, indices })] : [],
    ) }
  })
  const gathered = stride === 1 || outputs === 1 ? [] : taps.map(({ of }) => of)
  return {
    taps: taps.map(({ of }) => of),
    initial: state.initial,
    final: state.final,
    begin: inSequence(read, state.begin, ...taps.map(({ pass }) => pass)),
    end: inSequence(
      state.end, passOf([], training ? [history, ...gathered].map(({ grad }) => zero(backend, grad)) : []),
    ),
  }
}

/** The rows of all sequences at every `stride` steps. */
const rowsAt = (backend: Backend, count: number, batch: number, stride: number): Indices => {
  const indices = backend.indices([count * batch], ((count - 1) * stride + 1) * batch)
  backend.write(indices, Array.from({ length: count * batch }, (_, i) =>
    Math.floor(i / batch) * stride * batch + (i % batch)))
  return indices
}

const fillWith = (backend: Backend, to: Tensor, value: number): void =>
  backend.formula(formula({}, () => ({ y: constant(value) })), { y: asRows(to) })(0)

/** The last inputs: those before the first step come from the state, and those at the end are the next one. */
const stateOf = (
  backend: Backend, history: Variable, reach: number, { steps, batch, mode, lengths }: CallShape,
): Omit<Taps, 'taps'> => {
  const training = mode === 'training'
  const slot = (): Variable => variable(backend, [batch, reach, history.value.shape.at(-1)!], training)
  const [initial, final] = [slot(), slot()]
  const move = (from: Tensor, to: Tensor): Kernel[] => {
    const places = blocksOf(to)
    return blocksOf(from).map((block, i) => copy(backend, block, places[i]!))
  }
  const add = (from: Tensor, to: Tensor): Kernel[] => {
    const places = blocksOf(to)
    return blocksOf(from).map((block, i) => backend.formula(addTo, { x: block, y: places[i]! }))
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
    return { initial: { x: initial }, final: { x: final }, begin, end }
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
  return { initial: { x: initial }, final: { x: final }, begin, end: inSequence(...ends) }
}

/** A tensor with three axes as matrices along the shorter of the first two, since formulas run over matrices. */
const blocksOf = (of: Tensor): Tensor[] => {
  const matrices = of.shape[0]! <= of.shape[1]! ? of : swapTimeAndBatch(of)
  return Array.from({ length: matrices.shape[0]! }, (_, i) => asRows(rows(matrices, i, i + 1)))
}
