import type { Backend } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import { asRows, at, columns, reshape, rows, type Tensor } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { zero } from '../kernels.ts'
import { overSteps, passOf, type Pass } from '../pass.ts'
import { requiresGradient, variable, viewOn, type Slots, type Variable } from '../variable.ts'

/** The last inputs before each step, and the one at it. */
export interface RealTaps {
  /** For each position in the kernel, the input of every step: [steps · batch, features]. */
  readonly taps: readonly Variable[]
  /** The inputs before the first step: `x` [batch, reach, features]. */
  readonly initial: Slots
  /** Those before the step after the last one. */
  readonly final: Slots
  /** Fills the taps. Backward, their gradients go to the input and the initial state. */
  readonly begin: Pass
  /** It comes last. Backward, all gradients but those of the final state become 0. */
  readonly end: Pass
}

const movedOn = formula(
  { element: ['newer', 'own'], row: ['mask'] }, ({ newer, own, mask }) => ({ next: select(mask, newer, own) }),
)
const gradientOfNewer = formula(
  { element: ['sum', 'next'], row: ['mask'] }, ({ sum, next, mask }) => ({ sum: sum.add(select(mask, next, 0)) }),
)
const gradientOfOwn = formula(
  { element: ['sum', 'next'], row: ['mask'] }, ({ sum, next, mask }) => ({ sum: sum.add(select(mask, 0, next)) }),
)

/**
 * The last inputs where steps are masked: a masked step is not an input, so that the step after a gap, or after padding
 * that comes first, sees the real ones before it. The padding of x must be finite.
 */
export const realTaps = (backend: Backend, x: Variable, reach: number, callShape: CallShape): RealTaps => {
  const { steps, batch, mode, lengths } = callShape
  const { mask } = lengths!
  const training = mode === 'training'
  const size = x.value.shape.at(-1)!
  const seen = variable(backend, [steps + 1, batch, reach * size], training)
  const slot = (step: number): Variable => viewOn(seen, (of) => reshape(at(of, step), [batch, reach, size]))
  const place = (of: Tensor, step: 0 | 1, from: number, to: number): Tensor =>
    columns(rows(of, step, step + steps), from * size, to * size)
  /** What is at one place moves to the place before it, and the input to the last one. */
  const moves = [
    ...(reach > 1 ? [{ newer: (of: Tensor) => place(of, 0, 1, reach), of: seen, from: 0, to: reach - 1 }] : []),
    { newer: (of: Tensor) => of, of: x, from: reach - 1, to: reach },
  ]
  const step = passOf(
    moves.map(({ newer, of, from, to }) => backend.formula(movedOn, {
      newer: newer(of.value), own: place(seen.value, 0, from, to), mask, next: place(seen.value, 1, from, to),
    })),
    training ? moves.flatMap(({ newer, of, from, to }) => {
      const next = place(seen.grad, 1, from, to)
      return [
        ...(requiresGradient(of) ? [backend.formula(gradientOfNewer, { sum: newer(of.grad), next, mask })] : []),
        backend.formula(gradientOfOwn, { sum: place(seen.grad, 0, from, to), next, mask }),
      ]
    }) : [],
  )
  const tap = (from: number): Variable => viewOn(seen, (of) => asRows(place(of, 0, from, from + 1)))
  return {
    taps: [
      ...Array.from({ length: reach }, (_, k) => tap(k)),
      viewOn(x, asRows),
    ],
    initial: { x: slot(0) },
    final: { x: slot(steps) },
    begin: overSteps(steps, step),
    end: passOf([], [viewOn(seen, (of) => rows(of, 0, steps)), x].map(({ grad }) => zero(backend, grad))),
  }
}
