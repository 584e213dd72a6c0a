import type { Expression } from '@recurra/formula'
import type { Blueprint, FormulaTree, Sequence, Variable } from '@recurra/layers'
import { expressionOf } from '@recurra/layers/authoring'
import { isRecord, option, options } from '@recurra/tensor'
import { cell } from './cell.ts'
import { operandOf } from './operands.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/** The formula of a cell as plain data, and the options of every recurrent layer. */
export interface FormulaCellOptions extends RecurrentOptions {
  /** Pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly string[]
  /** The slots of the state. The first one is the output, and the value that the recurrent weights multiply. */
  readonly state: readonly string[]
  /** Parameters with one value per unit. Default: none. */
  readonly params?: readonly string[]
  /** The formula of each slot after a step. It may read slots that stand before it here, as `next.c`. */
  readonly next: { readonly [slot: string]: FormulaTree }
  /** What the recurrent weights of a gate multiply in place of the first slot. Default: nothing else. */
  readonly recurrentInput?: { readonly [gate: string]: FormulaTree }
}

const trees = <T>(): option.Option<T | undefined> =>
  option.checked<T>("formulas by name, such as { h: ['tanh', 'gate.a'] }", isRecord)()

/**
 * A recurrent layer whose formula is plain data, which can be saved with a model and imported from a graph: the gates
 * of an LSTM in ONNX with a limit, say. Operands are `gate.a`, its parts `x.a` (x·W + b) and `h.a` (h·U + b), `prev.h`,
 * and `param.p`; operations are those of `formulaLayer`. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, formulaCell, sequential } from 'recurra'
 *
 * const limited = formulaCell(16, {
 *   gates: ['a'], state: ['h'], next: { h: ['tanh', ['hardtanh', 'gate.a', -3, 3]] },
 * })
 * const model = sequential(4, [limited, dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * For a formula of your own in a program, `cell` is shorter.
 * @throws `ConfigurationError` if the size is not a positive integer, an option is unknown or invalid, or a formula has
 * an unknown operation or operand, does not fit the names, or reads a gate or a parameter nowhere.
 */
export const formulaCell = (
  size: number, given: FormulaCellOptions,
): Blueprint<Sequence, Sequence, { readonly [slot: string]: Variable }> => {
  const { gates, state, params, next, recurrentInput, ...recurrent } = Object(given) as FormulaCellOptions
  const own = { gates, state, next, ...(params && { params }), ...(recurrentInput && { recurrentInput }) }
  const formulas = options('formulaCell', own, {
    gates: option.unchecked<readonly string[]>()(), state: option.unchecked<readonly string[]>()(),
    params: option.unchecked<readonly string[]>()(), next: trees<FormulaCellOptions['next']>(),
    recurrentInput: trees<FormulaCellOptions['next']>(),
  })
  const make = cell('formulaCell', { gates, state, ...(params && { params }) }, (scope) => {
    const operands = new Map((['gate', 'x', 'h', 'prev', 'param'] as const).flatMap((role) =>
      Object.entries<Expression>(scope[role]).map(([name, value]) => [operandOf(role, name), value] as const)))
    const each = (of: { readonly [name: string]: FormulaTree } = {}, role?: 'next'): { [name: string]: Expression } =>
      Object.fromEntries(Object.entries(of).map(([name, tree]) => {
        const value = expressionOf(tree, operands, 'formulaCell')
        if (role) operands.set(operandOf(role, name), value)
        return [name, value]
      }))
    const inputs = each(formulas.recurrentInput)
    return [each(formulas.next, 'next'), { recurrentInput: inputs }]
  })
  const { build } = make(size, recurrent)
  return { type: 'formulaCell', options: { size, ...given }, build } as ReturnType<typeof formulaCell>
}
