import { input, substitute, type Expression, type OperandKind } from '@recurra/formula'

/**
 * What an operand of a cell's formula is: `x` and `h` are the two products of a gate, `gate` their sum, `prev` and
 * `next` a slot of the state before and after the step, `param` what a unit has learned, `once` what is made of that
 * alone, `source` what recurrent weights multiply in place of h, `zone` what zoneout keeps.
 */
export type Role = 'x' | 'h' | 'gate' | 'prev' | 'next' | 'param' | 'once' | 'source' | 'zone'

/**
 * The name by which programs know an operand. A user's name always follows a role and a dot, and no other operand
 * begins with a role (`mask`, `dy`, `columns`, `saved.0`, `mean.0`, and `d.` or `y.` before any of them), so a slot or
 * a gate may be called anything.
 */
export const operandOf = (role: Role, name: string | number): string => `${role}.${name}`

/** The role of an operand and the name that follows it. */
export const roleAndName = (operand: string): readonly [role: string, name: string] => {
  const dot = operand.indexOf('.')
  return dot < 0 ? [operand, ''] : [operand.slice(0, dot), operand.slice(dot + 1)]
}

/** The operands of one role, by the names that a user gave. */
export const symbols = <N extends string>(
  role: Role,
  names: readonly N[],
  kind: OperandKind = 'element',
): { readonly [name in N]: Expression } =>
  Object.fromEntries(names.map((name) => [name, input(operandOf(role, name), kind)])) as {
    readonly [name in N]: Expression
  }

/** Replaces operands of one role. */
export const replaced = (e: Expression, role: Role, by: (name: string) => Expression): Expression =>
  substitute(e, (part) => {
    if (part.op !== 'input') return undefined
    const [of, name] = roleAndName(part.name)
    return of === role ? by(name) : undefined
  })
