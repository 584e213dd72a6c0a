import { Expression, inputsOf, substitute } from '@recurra/formula'
import { activations } from '@recurra/layers/authoring'
import { ConfigurationError, describeValue, didYouMean, expectKnown, isRecord } from '@recurra/tensor'
import type { CellBody, CellScope, CellSpec } from './cell-spec.ts'
import { operandOf } from './operands.ts'

/** @throws `ConfigurationError`, always. */
export const refuse = (where: string, expected: string, got: string, fix: string): never => {
  throw new ConfigurationError({ where, expected, got, fix })
}

/**
 * Checks a list of names; they may be anything, once each.
 * @throws `ConfigurationError` if it is not one.
 */
export const expectNames = (given: readonly string[], what: string, least: number, where: string): void => {
  if (!Array.isArray(given) || given.some((name) => typeof name !== 'string'))
    refuse(where, `${what} as a list of names`, describeValue(given), `Write { ${what}: ['a'] }.`)
  if (given.length < least) refuse(where, `at least ${least} name in ${what}`, 'none', `Write { ${what}: ['a'] }.`)
  const twice = given.find((name, k) => given.indexOf(name) !== k)
  if (twice !== undefined)
    refuse(where, `${what} with names of their own`, `${describeValue(twice)} twice`, 'Rename one.')
}

const paramsOf = ({ params = [] }: CellSpec<string, string, string, string>): readonly string[] =>
  Array.isArray(params) ? params : Object.keys(params)

/**
 * Checks what a cell names.
 * @throws `ConfigurationError` if there is no gate or no slot, a name stands twice, or a function is unknown.
 */
export const expectSpec = (spec: CellSpec<string, string, string, string>, where: string): void => {
  expectKnown(Object.keys(spec), ['gates', 'state', 'params', 'activations', 'heads'], where)
  expectNames(spec.gates, 'gates', 1, where)
  expectNames(spec.state, 'state', 1, where)
  expectNames(paramsOf(spec), 'params', 0, where)
  const foreign = Object.values(spec.activations ?? {}).find((name) => !Object.hasOwn(activations, name))
  if (foreign !== undefined)
    refuse(where, `one of ${Object.keys(activations).join(', ')}`, describeValue(foreign), 'Choose one of these.')
}

/** A record whose misspelled properties are errors that name the nearest, where no compiler sees them. */
export const strict = <T extends object>(known: T, what: string, where: string): T =>
  new Proxy(known, {
    get: (from, name) => {
      if (typeof name === 'symbol') return undefined
      if (Object.hasOwn(from, name)) return from[name as keyof T]
      const names = Object.keys(from)
      throw new ConfigurationError({
        where,
        expected: `a known ${what}`,
        got: name,
        fix: `${didYouMean(name, names)}Known: ${names.join(', ') || 'none'}.`,
      })
    },
  })

const meanings = {
  x: 'gate', h: 'gate', gate: 'gate', prev: 'slot of the state', param: 'parameter',
  activations: 'function that an option chooses',
}

/**
 * Checks that all values of a record are formulas.
 * @throws `ConfigurationError` if one is not.
 */
export const expectFormulas = (values: object, what: string, where: string): void => {
  for (const [name, value] of Object.entries(values))
    if (!(value instanceof Expression))
      refuse(where, `a formula as the ${what} ${name}`, describeValue(value), 'Use constant(0) for a number.')
}

/** @throws `ConfigurationError`, always: the weights of a gate that nothing reads would never learn. */
export const refuseIdle = (gate: string, where: string): never =>
  refuse(
    where, 'a formula that reads every gate', `gate ${gate} nowhere`, `Read gate.${gate}, or leave it out of gates.`,
  )

/**
 * Checks that formulas read nothing but what they were given; `fix` says what that is.
 * @throws `ConfigurationError` if one reads another operand.
 */
export const expectOnlyGiven = (
  formulas: readonly Expression[], given: ReadonlySet<Expression>, where: string, fix: string,
): void => {
  for (const formula of formulas)
    substitute(formula, (e) =>
      e.op !== 'input' || given.has(e)
        ? undefined
        : refuse(where, 'formulas of what the cell is given', `an operand '${e.name}' of another`, fix))
}

/**
 * The body of a cell with a check of what it reads and returns, each time it runs.
 * @throws `ConfigurationError` if a slot is missing or unknown, a gate or a parameter is never read, a recurrent input
 * is of no gate or of one that reads no product of it, or a formula reads what the cell was not given.
 */
export const checkedBody = <G extends string, S extends string, P extends string, A extends string>(
  spec: CellSpec<G, S, P, A>,
  body: CellBody<G, S, P, A>,
  where: string,
): CellBody<G, S, P, A> => (scope) => {
  const checked = Object.fromEntries(
    Object.entries(scope).map(([role, some]) => [role, strict(some, meanings[role as keyof typeof meanings], where)]),
  ) as unknown as CellScope<G, S, P, A>
  const returned = body(strict(checked, 'part of what a cell is given', where))
  const [next, more] = (Array.isArray(returned) ? returned : [returned, {}]) as [
    { readonly [slot: string]: Expression },
    { recurrentInput?: { readonly [gate: string]: Expression } },
  ]
  const { gates, state } = spec
  if (!isRecord(next) || !isRecord(more))
    return refuse(
      where,
      'the state after a step, or [state, { recurrentInput }]',
      describeValue(returned),
      `Return { ${state[0]}: … }.`,
    )
  expectKnown(Object.keys(next), state, where, 'slot of the state')
  const missing = state.find((slot) => !Object.hasOwn(next, slot))
  if (missing !== undefined)
    refuse(
      where,
      `a formula for each of ${state.join(', ')}`,
      `none for ${missing}`,
      `Return { ${missing}: prev.${missing} } to keep it as it is.`,
    )
  expectFormulas(next, 'slot', where)
  expectKnown(Object.keys(more), ['recurrentInput'], where, 'part of what a cell returns')
  const { recurrentInput = {} } = more
  expectKnown(Object.keys(recurrentInput), gates, where, 'gate with a recurrent input')
  expectFormulas(recurrentInput, 'recurrent input of', where)

  const formulas = [...Object.values(next), ...Object.values(recurrentInput)]
  const { activations: _, ...operands } = scope
  const given = new Set(Object.values(operands).flatMap((some): Expression[] => Object.values(some)))
  const use = 'Use x, h, gate, prev and param; a learned value of a unit is one of `params`.'
  expectOnlyGiven(formulas, given, where, use)
  const read = inputsOf(formulas)
  const reads = (gate: string, ...roles: readonly ('x' | 'h' | 'gate')[]): boolean =>
    roles.some((role) => read.has(operandOf(role, gate)))
  const idle = gates.find((gate) => !reads(gate, 'x', 'h', 'gate'))
  if (idle !== undefined) refuseIdle(idle, where)
  const alone = gates.find((gate) => Object.hasOwn(recurrentInput, gate) && !reads(gate, 'h', 'gate'))
  if (alone !== undefined)
    refuse(
      where,
      'gates that read the product with their recurrent input',
      `x.${alone} alone`,
      `Read gate.${alone} or h.${alone}, or leave the recurrent input out.`,
    )
  const unread = paramsOf(spec).find((param) => !read.has(operandOf('param', param)))
  if (unread !== undefined)
    refuse(
      where,
      'a formula that reads every parameter',
      `param ${unread} nowhere`,
      `Read param.${unread}, or leave it out of params.`,
    )
  return returned
}
