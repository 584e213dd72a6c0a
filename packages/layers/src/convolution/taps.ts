import type { Backend } from '@recurra/backend'
import { constant, formula } from '@recurra/formula'
import { asRows, rows, type Indices, type Tensor } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { historyOf } from '../history.ts'
import { copy, copyPadded, features, zero } from '../kernels.ts'
import { inSequence, passOf, type Pass } from '../pass.ts'
import { variable, viewOn, type Slots, type Variable, type Wire } from '../variable.ts'
import { isCausal, paddingOf, reachOf, type Windows } from './padding.ts'

/** The inputs of all windows, tap by tap. */
export interface Taps {
  /** For each position in the kernel, the input of every window: [steps of the output · batch, features]. */
  readonly taps: readonly Variable[]
  /** The steps that the windows lie in, with those before and behind: [steps, batch, features]. */
  readonly steps: Tensor
  /** The step at which the first window begins. */
  readonly first: number
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
  backend: Backend, windows: Windows, x: Wire, callShape: CallShape, outputs: number,
  { fill = 0, gather = true }: { readonly fill?: number; readonly gather?: boolean } = {},
): Taps => {
  const { steps, batch, mode } = callShape
  const { kernel, stride, dilation } = windows
  const [size, training, causal] = [x.value.shape.at(-1)!, mode === 'training', isCausal(windows)]
  const [left, after] = callShape.streaming ? [reachOf(windows), 0] : paddingOf(windows, steps)
  const before = causal ? reachOf(windows) : left
  const history = historyOf(backend, { size, before, after, carried: causal }, callShape)
  const { all, own, state } = history
  const read = passOf(
    [copyPadded(backend, features(x), asRows(own.value), callShape, fill)],
    [copy(backend, own.grad, x.grad)],
  )
  if (fill !== 0 && !causal) fillWith(backend, all.value, fill)

  const first = before - left
  const taps = Array.from({ length: kernel }, (_, k): { readonly of: Variable; readonly pass: Pass } => {
    const from = first + k * dilation
    const table = viewOn(all, (of) => asRows(rows(of, from, from + (outputs - 1) * stride + 1)))
    if (stride === 1 || outputs === 1 || !gather) return { of: table, pass: passOf([]) }
    const of = variable(backend, [outputs * batch, size], training)
    const indices = rowsAt(backend, outputs, batch, stride)
    return { of, pass: passOf(
      [backend.gather({ out: of.value, table: table.value, indices })],
      training ? [backend.scatterAdd({ table: table.grad, rows: of.grad, indices })] : [],
    ) }
  })
  const gathered = stride === 1 || outputs === 1 || !gather ? [] : taps.map(({ of }) => of)
  return {
    taps: taps.map(({ of }) => of),
    steps: all.value,
    first,
    initial: state ? { x: state.initial } : {},
    final: state ? { x: state.final } : {},
    begin: inSequence(read, history.begin, ...taps.map(({ pass }) => pass)),
    end: inSequence(history.end, passOf([], gathered.map(({ grad }) => zero(backend, grad)))),
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
