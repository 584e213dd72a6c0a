import { input, type Expression, type OperandKind } from './expression.ts'
import { targetOf, type FormulaOutput, type Target } from './output.ts'
import { programOf, type Program } from './program.ts'

/** The operands of a formula by how they are broadcast over the grid. */
export type Operands<E extends string, U extends string, R extends string, S extends string> = {
  /** One value per element: [rows, columns]. */
  readonly element?: readonly E[]
  /** One per column: [columns]. */
  readonly column?: readonly U[]
  /** One per row: [rows]. */
  readonly row?: readonly R[]
  /** One for all: []. */
  readonly scalar?: readonly S[]
}

/** Inputs by name, e.g. `named(['i', 'f'], 'gate.')` for `gate.i` and `gate.f`. */
const named = <N extends string>(
  names: readonly N[],
  prefix = '',
  kind: OperandKind = 'element',
): { readonly [name in N]: Expression } =>
  Object.fromEntries(names.map((name) => [name, input(prefix + name, kind)])) as { [name in N]: Expression }

/** The outputs in a record of expressions and reductions. */
export const outputsOf = <O extends string>(
  targets: { readonly [name in O]: Expression | Target },
): FormulaOutput<O>[] =>
  (Object.keys(targets) as O[]).map((name) => ({ name, ...targetOf(targets[name]) }))

/**
 * An element-wise computation, written once for one element and run by every backend. An output named like an input
 * updates it in place. The program of this example has five lines: three inputs, a product, a difference.
 *
 * ```ts
 * import { formula } from '@recurra/formula'
 *
 * const descend = formula({ element: ['value', 'grad'], scalar: ['learningRate'] }, (now) => ({
 *   value: now.value.sub(now.learningRate.mul(now.grad)),
 * }))
 * console.log(descend.code.length) // 5
 * ```
 */
export const formula = /* @__NO_SIDE_EFFECTS__ */ <
  O extends string,
  const E extends string = never,
  const U extends string = never,
  const R extends string = never,
  const S extends string = never,
>(
  { element = [], column = [], row = [], scalar = [] }: Operands<E, U, R, S>,
  body: (operands: { readonly [name in E | U | R | S]: Expression }) => { readonly [name in O]: Expression | Target },
): Program<NoInfer<E | U | R | S | O>> => {
  const operands = {
    ...named(element),
    ...named(column, '', 'column'),
    ...named(row, '', 'row'),
    ...named(scalar, '', 'scalar'),
  }
  return programOf<E | U | R | S | O>(outputsOf(body(operands as { [name in E | U | R | S]: Expression })))
}
