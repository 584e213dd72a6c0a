import type { Backend } from '@recurra/backend'
import { formula, input, select } from '@recurra/formula'
import {
  addTo, copy, overSteps, passOf, requiresGradient, variable, type CallShape, type Initializer, type Pass,
  type Variable,
} from '@recurra/layers/authoring'
import { asRows, at, rows, type Tensor } from '@recurra/tensor'
import { DerivedFormula } from './derived-formula.ts'
import { learned, Tape, viewOn, type Step, type Traced } from './tape.ts'

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
  readonly pass: Pass
}

/**
 * The token shift of RWKV (Peng et al. 2023): each step also sees the input of the step before, as far as a μ per
 * feature says. The input before is a state; a masked step keeps it, so that the step behind a gap sees the last real
 * one. The padding of x must be finite, and its gradient is overwritten.
 */
export const tokenShift = (
  backend: Backend, x: Variable, mixes: readonly Variable[], callShape: CallShape,
): TokenShift => {
  const { steps, mode } = callShape
  const training = mode === 'training'
  const [, batch, size] = x.value.shape as [number, number, number]
  const tape = new Tape(backend, training)
  const seen = variable(backend, [steps + 1, batch, size], training)
  tape.record(shift(backend, x, seen, callShape))
  const asInputs = (of: Traced, see: (t: Tensor) => Tensor): Traced => viewOn(of, (t) => asRows(see(t)))
  const mixed = mixes.map(() => variable(backend, [steps, batch, size], training))
  const named = <T,>(name: string, all: readonly Variable[], of: (one: Variable) => T): { [name: string]: T } =>
    Object.fromEntries(all.map((one, i) => [name + i, of(one)]))
  tape.formula(mixings[mixes.length] ??= mixing(mixes.length), named('y', mixed, (y) => asInputs(y, (t) => t)), {
    x: asInputs(x, (t) => t),
    past: asInputs(seen, (t) => rows(t, 0, steps)),
    ...named('mix', mixes, (mu) => learned(backend, mu, training)),
  })
  const slot = (step: number): Variable =>
    ({ value: at(seen.value, step), grad: training ? at(seen.grad, step) : seen.grad })
  const { forward, backward } = tape.kernels()
  return {
    mixed, initial: slot(0), final: slot(steps), all: rows(seen.value, 1, steps + 1),
    pass: passOf([forward], [backward]),
  }
}

/** seen[t + 1] = x[t], or at a masked step seen[t]. Its gradients are there when the way back comes here. */
const shift = (
  backend: Backend, x: Variable, seen: Variable, { steps, mode, lengths }: CallShape,
): Step => {
  const [past, next] = [0, 1].map((from) => (of: Tensor): Tensor => rows(of, from, from + steps)) as
    [(of: Tensor) => Tensor, (of: Tensor) => Tensor]
  const wanted = mode === 'training' && requiresGradient(x)
  if (!lengths)
    return {
      forward: [copy(backend, asRows(x.value), asRows(next(seen.value)))],
      backward: () => wanted ? [backend.formula(addTo, { x: asRows(next(seen.grad)), y: asRows(x.grad) })] : [],
    }
  const { mask } = lengths
  const step: Pass = {
    forward: backend.formula(inputOrPast, { x: x.value, past: past(seen.value), mask, next: next(seen.value) }),
    backward: passOf([], mode === 'training' ? [
      ...(wanted ? [backend.formula(addReal, { dx: x.grad, next: next(seen.grad), mask })] : []),
      backend.formula(addMasked, { past: past(seen.grad), next: next(seen.grad), mask }),
    ] : []).backward,
  }
  const { forward, backward } = overSteps(steps, step)
  return { forward: [forward], backward: () => [backward] }
}
