import type { Backend } from '@recurra/backend'
import { input, type Expression } from '@recurra/formula'
import {
  inSequence, linear, passOf, variable, type CallShape, type LinearOperands, type Pass, type Variable,
} from '@recurra/layers/authoring'
import { asRows } from '@recurra/tensor'
import { DerivedFormula } from './derived-formula.ts'
import { Tape, viewOn } from './tape.ts'

/** The operands of a product with two narrow matrices. */
export interface LowRankOperands extends Pick<LinearOperands, 'x' | 'shared' | 'bias' | 'y'> {
  /** [features, rank] */
  readonly down: Variable
  /** [rank, width] */
  readonly up: Variable
  /** Applied between the two. Default: nothing. */
  readonly activation: ((x: Expression) => Expression) | undefined
}

const derived = new Map<(x: Expression) => Expression, DerivedFormula>()
const derivedOf = (activation: (x: Expression) => Expression): DerivedFormula => {
  const known = derived.get(activation) ?? new DerivedFormula({ y: activation(input('x')) })
  derived.set(activation, known)
  return known
}

/** y = f(x·D)·U + b */
export const lowRank = (
  backend: Backend, { x, shared, bias, y, down, up, activation }: LowRankOperands, callShape: CallShape,
): Pass => {
  const { steps, batch, mode } = callShape
  const training = mode === 'training'
  const narrow = (): Variable => variable(backend, [steps, batch, down.value.shape[1]!], training)
  const z = narrow()
  const first = linear(backend, { x, shared: shared ?? false, weight: down, y: z }, callShape)
  if (!activation) return inSequence(first, linear(backend, { x: z, weight: up, bias, y }, callShape))
  const active = narrow()
  const tape = new Tape(backend, training)
  tape.formula(derivedOf(activation), { y: viewOn(active, asRows) }, { x: viewOn(z, asRows) })
  const { forward, backward } = tape.kernels()
  return inSequence(
    first, passOf([forward], [backward]), linear(backend, { x: active, weight: up, bias, y }, callShape),
  )
}
