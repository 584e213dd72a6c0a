import { Expression, inputsOf, substitute } from '@recurra/formula'
import { activations, type ActivationName, type Initializer } from '@recurra/layers'
import { ConfigurationError, describeValue, expectKnown, isRecord } from '@recurra/tensor'
import { formulasOf, type CellDefinition, type RecurrentInput } from './cell-definition.ts'
import type { CellBody, CellScope, CellSpec } from './cell-spec.ts'
import { operandOf, strict, symbols } from './operands.ts'
import { stageOrder } from './stage-order.ts'

const refuse = (where: string, expected: string, got: string, fix: string): never => {
  throw new ConfigurationError({ where, expected, got, fix })
}

/** Checks a list of names; they may be anything, once each. */
const namesIn = <N extends string>(given: readonly N[], what: string, least: number, where: string): readonly N[] => {
  if (!Array.isArray(given) || given.some((name) => typeof name !== 'string'))
    refuse(where, `${what} as a list of names`, describeValue(given), `Write { ${what}: ['a'] }.`)
  if (given.length < least) refuse(where, `at least ${least} name in ${what}`, 'none', `Write { ${what}: ['a'] }.`)
  const twice = given.find((name, k) => given.indexOf(name) !== k)
  if (twice !== undefined)
    refuse(where, `${what} with names of their own`, `${describeValue(twice)} twice`, 'Rename one.')
  return [...given]
}

/** Checks that a record has the formulas that it must have. */
const expectFormulas = (values: object, what: string, where: string): void => {
  for (const [name, value] of Object.entries(values))
    if (!(value instanceof Expression))
      refuse(where, `a formula as the ${what} ${name}`, describeValue(value), 'Use constant(0) for a number.')
}

const activationNamed = (name: string, where: string): ((x: Expression) => Expression) =>
  Object.hasOwn(activations, name)
    ? activations[name as ActivationName]
    : refuse(where, `one of ${Object.keys(activations).join(', ')}`, describeValue(name), 'Choose one of these.')

/** Groups gates that multiply one and the same formula. */
const grouped = (gates: readonly string[], inputs: { readonly [gate: string]: Expression }): RecurrentInput[] => {
  const groups = new Map<Expression, string[]>()
  for (const gate of gates.filter((name) => Object.hasOwn(inputs, name)))
    groups.set(inputs[gate]!, [...(groups.get(inputs[gate]!) ?? []), gate])
  return [...groups].map(([value, of]) => ({ gates: of, value }))
}

/**
 * Runs the body of a cell, and checks what it returns.
 * @throws `ConfigurationError` if a name stands twice, a slot is missing or unknown, a gate or a parameter is never
 * read, a recurrent input is of no gate or of one that reads no product of it, or a formula reads what the cell was not
 * given.
 */
export const defineCell = <G extends string, S extends string, P extends string, A extends string>(
  type: string,
  {
    gates: givenGates,
    state: givenState,
    params: givenParams = [],
    activations: defaults,
    ...others
  }: CellSpec<G, S, P, A>,
  body: CellBody<G, S, P, A>,
  chosen: { readonly [option: string]: ActivationName } = {},
): CellDefinition => {
  const where = `cell '${type}'`
  expectKnown(Object.keys(others), ['gates', 'state', 'params', 'activations'], where)
  const [gates, state] = [namesIn(givenGates, 'gates', 1, where), namesIn(givenState, 'state', 1, where)]
  const initial = Array.isArray(givenParams) ? {} : (givenParams as { readonly [param in P]: Initializer })
  const params = namesIn(
    Array.isArray(givenParams) ? (givenParams as readonly P[]) : (Object.keys(givenParams) as P[]),
    'params',
    0,
    where,
  )

  const scope = {
    x: symbols('x', gates),
    h: symbols('h', gates),
    gate: symbols('gate', gates),
    prev: symbols('prev', state),
    param: symbols('param', params, 'column'),
  }
  const given = new Set(Object.values(scope).flatMap((some): Expression[] => Object.values(some)))
  const meanings = { x: 'gate', h: 'gate', gate: 'gate', prev: 'slot of the state', param: 'parameter' }
  const checked = Object.fromEntries(
    Object.entries(scope).map(([role, some]) => [role, strict(some, meanings[role as keyof typeof meanings], where)]),
  )
  const activated = new Set<Expression>()
  const names = { ...(defaults as { readonly [option: string]: ActivationName } | undefined), ...chosen }
  const functions = Object.fromEntries(
    Object.entries(names).map(([option, name]) => [
      option,
      (x: Expression): Expression => {
        const y = activationNamed(name, where)(x)
        activated.add(y)
        return y
      },
    ]),
  )
  const all = { ...checked, activations: strict(functions, 'function that an option chooses', where) }
  const returned: unknown = body(strict(all, 'part of what a cell is given', where) as unknown as CellScope<G, S, P, A>)

  const [next, more] = (Array.isArray(returned) ? returned : [returned, {}]) as [
    { readonly [slot: string]: Expression },
    { recurrentInput?: { readonly [gate: string]: Expression } },
  ]
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

  const formulas = { next, recurrentInputs: grouped(gates, recurrentInput) }
  for (const formula of formulasOf(formulas))
    substitute(formula, (e) =>
      e.op !== 'input' || given.has(e)
        ? undefined
        : refuse(
            where,
            'formulas of what the cell is given',
            `an operand '${e.name}' of another`,
            'Use x, h, gate, prev and param; a learned value of a unit is one of `params`.',
          ),
    )
  const read = inputsOf(formulasOf(formulas))
  const reads = (gate: string, ...roles: readonly ('x' | 'h' | 'gate')[]): boolean =>
    roles.some((role) => read.has(operandOf(role, gate)))
  const idle = gates.find((gate) => !reads(gate, 'x', 'h', 'gate'))
  if (idle !== undefined)
    refuse(
      where,
      'a formula that reads every gate',
      `gate ${idle} nowhere`,
      `Read gate.${idle}, or leave it out of gates.`,
    )
  const alone = gates.find((gate) => Object.hasOwn(recurrentInput, gate) && !reads(gate, 'h', 'gate'))
  if (alone !== undefined)
    refuse(
      where,
      'gates that read the product with their recurrent input',
      `x.${alone} alone`,
      `Read gate.${alone} or h.${alone}, or leave the recurrent input out.`,
    )
  const unread = params.find((param) => !read.has(operandOf('param', param)))
  if (unread !== undefined)
    refuse(
      where,
      'a formula that reads every parameter',
      `param ${unread} nowhere`,
      `Read param.${unread}, or leave it out of params.`,
    )
  const definition = { type, gates, state, params, initial, ...formulas, activations: names, activated }
  stageOrder(definition) // throws where recurrent inputs need each other
  return definition
}
