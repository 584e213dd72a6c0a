import type { Expression } from '@recurra/formula'
import { activations, type ActivationName, type Initializer } from '@recurra/layers/authoring'
import type { CellDefinition, RecurrentInput } from './cell-definition.ts'
import type { CellBody, CellProducts, CellScope, CellSpec } from './cell-spec.ts'
import { symbols } from './operands.ts'

/** Groups gates that multiply one and the same formula. */
const grouped = (gates: readonly string[], inputs: { readonly [gate: string]: Expression }): RecurrentInput[] => {
  const groups = new Map<Expression, string[]>()
  for (const gate of gates.filter((name) => Object.hasOwn(inputs, name)))
    groups.set(inputs[gate]!, [...(groups.get(inputs[gate]!) ?? []), gate])
  return [...groups].map(([value, of]) => ({ gates: of, value }))
}

/** Runs the body of a cell. That it fits what the cell names is checked in `cell`, where formulas come from outside. */
export const defineCell = <G extends string, S extends string, P extends string, A extends string>(
  type: string,
  { gates, state, params: given = [], activations: defaults }: CellSpec<G, S, P, A>,
  body: CellBody<G, S, P, A>,
  chosen: { readonly [option: string]: ActivationName } = {},
): CellDefinition => {
  const [params, initial] = Array.isArray(given)
    ? [[...(given as readonly P[])], {}]
    : [Object.keys(given) as P[], given as { readonly [param in P]: Initializer }]
  const activated = new Set<Expression>()
  const names = { ...(defaults as { readonly [option: string]: ActivationName } | undefined), ...chosen }
  const functions = Object.fromEntries(
    Object.entries(names).map(([option, name]) => [
      option,
      (x: Expression): Expression => {
        const y = activations[name](x)
        activated.add(y)
        return y
      },
    ]),
  )
  const returned = body({
    x: symbols('x', gates),
    h: symbols('h', gates),
    gate: symbols('gate', gates),
    prev: symbols('prev', state),
    param: symbols('param', params, 'column'),
    activations: functions as CellScope<G, S, P, A>['activations'],
  })
  const [next, { recurrentInput }] = (Array.isArray(returned) ? returned : [returned, { recurrentInput: {} }]) as [
    { readonly [slot in S]: Expression }, CellProducts<G>,
  ]
  return {
    type, gates: [...gates], state: [...state], params, initial, next,
    recurrentInputs: grouped(gates, recurrentInput as { readonly [gate: string]: Expression }),
    activations: names, activated,
  }
}
