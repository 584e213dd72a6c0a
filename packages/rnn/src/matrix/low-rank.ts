import { input, type Expression } from '@recurra/formula'
import {
  DerivedFormula, viewOn, type CallShape, type LinearOperands, type Tape, type Variable,
} from '@recurra/layers/authoring'
import { asRows } from '@recurra/tensor'

/** The operands of a product with two narrow matrices. */
export interface LowRankOperands extends Pick<LinearOperands, 'x' | 'bias' | 'y'> {
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
  tape: Tape, { x, bias, y, down, up, activation }: LowRankOperands, callShape: CallShape,
): void => {
  const { steps, batch } = callShape
  const narrow = (): Variable => tape.variable(steps, batch, down.value.shape[1]!)
  const z = narrow()
  tape.linear({ x, weight: down, y: z }, callShape)
  const active = activation ? narrow() : z
  if (activation) tape.formula(derivedOf(activation), { y: viewOn(active, asRows) }, { x: viewOn(z, asRows) })
  tape.linear({ x: active, weight: up, bias, y }, callShape)
}
