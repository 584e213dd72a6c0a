import type { Backend, Kernel } from '@recurra/backend'
import { formula, input, select } from '@recurra/formula'
import {
  addTo, copy, DerivedFormula, disjointView, overSteps, passOf, requiresGradient, viewOn, type CallShape,
  type Initializer, type TapeOperation, type Tape, type Variable,
} from '@recurra/layers/authoring'
import { asRows, at, rows, type Tensor } from '@recurra/tensor'

/** All mixes of an input as one formula, so that it is read once. */
const mixing = (count: number): DerivedFormula => {
  const [x, past] = [input('x'), input('past')]
  return new DerivedFormula(Object.fromEntries(Array.from({ length: count }, (_, i) =>
    [`y${i}`, x.add(past.sub(x).mul(input(`mix${i}`, 'column')))])))
}
/** Worked out once for each number of mixes. */
const mixings: { [count: number]: DerivedFormula } = {}

const inputOrPast = /* @__PURE__ */ formula(
  { element: ['x', 'past'], row: ['mask'] }, ({ x, past, mask }) => ({ next: select(mask, x, past) }),
)
const addReal = /* @__PURE__ */ formula(
  { element: ['dx', 'next'], row: ['mask'] }, ({ dx, next, mask }) => ({ dx: dx.add(select(mask, next, 0)) }),
)
const addMasked = /* @__PURE__ */ formula(
  { element: ['past', 'next'], row: ['mask'] }, ({ past, next, mask }) => ({ past: past.add(select(mask, 0, next)) }),
)

/**
 * What μ starts with.
 * @internal
 */
export const mixInitializer: Initializer = { uniform: [0, 1] }

/** Mixes of each input with the one before. */
export interface TokenShift {
  /** For each mix, x_t + (x_{t-1} - x_t) ⊙ μ: [steps, batch, features]. */
  readonly mixed: readonly Variable[]
  /** The input before the first step: [batch, features]. */
  readonly initial: Variable
  /** The last real input. */
  readonly final: Variable
  /** The same after each step: [steps, batch, features]. */
  readonly all: Tensor
}

/**
 * The token shift of RWKV (Peng et al. 2023): each step also sees the input of the step before, as far as a μ per
 * feature says. The input before is a state; a masked step keeps it, so that the step behind a gap sees the last real
 * one. The padding of x must be finite.
 */
export const tokenShift = (
  tape: Tape, x: Variable, mixes: readonly Variable[], callShape: CallShape,
): TokenShift => {
  const { steps } = callShape
  const [, batch, size] = x.value.shape as [number, number, number]
  const seen = tape.variable(steps + 1, batch, size)
  const mixed = mixes.map(() => tape.variable(steps, batch, size))
  tape.record(shift(tape.backend, x, seen, callShape))
  const named = (name: string, all: readonly Variable[]): { [name: string]: Variable } =>
    Object.fromEntries(all.map((one, i) => [name + i, one]))
  tape.formula(mixings[mixes.length] ??= mixing(mixes.length), named('y', mixed.map((of) => viewOn(of, asRows))), {
    // The gradient of the last one comes from the state after the call.
    x: viewOn(x, asRows), past: disjointView(seen, (of) => asRows(rows(of, 0, steps))), ...named('mix', mixes),
  })
  const slot = (step: number): Variable => viewOn(seen, (of) => at(of, step))
  return { mixed, initial: slot(0), final: slot(steps), all: rows(seen.value, 1, steps + 1) }
}

/** seen[t + 1] = x[t], or at a masked step seen[t]. */
const shift = (
  backend: Backend, x: Variable, seen: Variable, { steps, lengths }: CallShape,
): TapeOperation => {
  const past = (of: Tensor): Tensor => rows(of, 0, steps)
  const next = (of: Tensor): Tensor => rows(of, 1, steps + 1)
  if (!lengths)
    return {
      forward: [copy(backend, asRows(x.value), asRows(next(seen.value)))],
      backward: (claim) => requiresGradient(x) ? [
        ...claim(x, true).clear, addTo(backend, next(seen.grad), x.grad),
      ] : [],
    }
  const { mask } = lengths
  const moves = backend.formula(inputOrPast, { x: x.value, past: past(seen.value), mask, next: next(seen.value) })
  return {
    forward: [overSteps(steps, passOf([moves])).forward],
    backward(claim) {
      const gradients: Kernel[] = []
      if (requiresGradient(x)) gradients.push(backend.formula(addReal, { dx: x.grad, next: next(seen.grad), mask }))
      gradients.push(backend.formula(addMasked, { past: past(seen.grad), next: next(seen.grad), mask }))
      return [...claim(x, true).clear, overSteps(steps, passOf([], gradients)).backward]
    },
  }
}
