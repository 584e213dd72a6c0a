import { input, inputsOf, type Expression } from '@recurra/formula'
import type { ActivationName, Initializers } from '@recurra/layers'
import { operandOf, roleAndName, replaced } from './operands.ts'

/** A recurrent product of another value than h, e.g. of r⊙h. */
export interface RecurrentInput {
  /** The gates whose recurrent weights multiply it. */
  readonly gates: readonly string[]
  /** The value that they multiply. */
  readonly value: Expression
}

/** The element-wise part of a recurrence; `RNNLayer` adds products, time, masks and gradients. */
export interface CellDefinition {
  /** The type of the layer in a model's config. */
  readonly type: string
  /** The pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly string[]
  /** The slots of the state; the first one is the output. */
  readonly state: readonly string[]
  /** The parameters per unit. */
  readonly params: readonly string[]
  /** The initializers of parameters that are not initialized like the weights. */
  readonly initial: Initializers
  /** The formula of each slot after a step. */
  readonly next: { readonly [slot: string]: Expression }
  /** The values that the recurrent weights of some gates multiply; those of all others multiply the first slot. */
  readonly recurrentInputs: readonly RecurrentInput[]
  /** Whether the option `heads` may split its recurrent weights. */
  readonly heads: boolean
  /** The functions that options have chosen, by option. */
  readonly activations: { readonly [option: string]: ActivationName }
  /** The expressions that they were applied to. */
  readonly activated: ReadonlySet<Expression>
}

/** All formulas of a cell. */
export const formulasOf = ({
  next,
  recurrentInputs,
}: Pick<CellDefinition, 'next' | 'recurrentInputs'>): readonly Expression[] => [
  ...Object.values(next),
  ...recurrentInputs.map(({ value }) => value),
]

/**
 * How a cell uses its two products. 'sum': only as x + h, so both share a buffer. 'apart': separately. 'input': there
 * is no product of h.
 */
export type Use = 'sum' | 'apart' | 'input'

export const useOf = (cell: Pick<CellDefinition, 'next' | 'recurrentInputs'>): Use => {
  const roles = new Set([...inputsOf(formulasOf(cell)).keys()].map((name) => roleAndName(name)[0]))
  if (roles.has('h')) return 'apart'
  return roles.has('x') ? (roles.has('gate') ? 'apart' : 'input') : 'sum'
}

/** A formula that reads the two products of a gate in place of their sum. */
export const separated = (e: Expression): Expression =>
  replaced(e, 'gate', (name) => input(operandOf('x', name)).add(input(operandOf('h', name))))
