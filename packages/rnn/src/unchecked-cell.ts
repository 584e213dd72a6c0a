import type { Expression } from '@recurra/formula'
import {
  activations, expectSignal, whereOf, type ActivationName, type Blueprint, type Initializer, type Sequence,
  type Variable,
} from '@recurra/layers/authoring'
import { ConfigurationError, expectCount } from '@recurra/tensor'
import type { CellDefinition, RecurrentInput } from './cell-definition.ts'
import type { CellBody, CellProducts, CellScope, CellSpec } from './cell-spec.ts'
import { expectHeads } from './expect-heads.ts'
import { symbols } from './operands.ts'
import { checkedOptions, type RecurrentOptions } from './recurrent-options.ts'
import { RNNLayer } from './rnn-layer.ts'

/** The options of a cell: those of every recurrent layer, and its choices of activations. */
export type CellOptions<G extends string, S extends string, A extends string> =
  RecurrentOptions<G, S> & { readonly [option in A]?: ActivationName }

/** Creates blueprints of a recurrent layer: `lstm(256)`. With `projection`, the output has that size. */
export interface Cell<S extends string, G extends string = string, A extends string = never> {
  /** @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown or invalid. */
  <const F extends number, const P extends number = F>(
    size: F,
    options?: CellOptions<G, S, A> & { readonly projection?: P },
  ): Blueprint<Sequence, Sequence<P>, { readonly [slot in S]: Variable }>
  /** The formula behind it. */
  readonly definition: CellDefinition
}

/** A cell whose formula is known to fit what it names: those that come with this package, which its tests check. */
export const uncheckedCell = /* @__NO_SIDE_EFFECTS__ */ <
  const G extends string,
  const S extends string,
  const P extends string = never,
  const A extends string = never,
>(type: string, spec: CellSpec<G, S, P, A>, body: CellBody<G, S, P, A>): Cell<S, G, A> => {
  const definition = defineCell(type, spec, body)
  const derived = new Map([[Object.values(definition.activations).join(), definition]])
  /** The formula with the functions that are asked for, made once for any number of layers. */
  const chosenFrom = (chosen: CellDefinition['activations']): CellDefinition => {
    const key = Object.values(chosen).join()
    const known = derived.get(key) ?? defineCell(type, spec, body, chosen)
    derived.set(key, known)
    return known
  }
  const blueprint = (size: number, given: RecurrentOptions = {}): Blueprint => {
    const { options, chosen } = checkedOptions(type, given, definition.activations)
    if (options.projection !== undefined && options.projection >= size)
      throw new ConfigurationError({
        where: type,
        expected: `projection to be smaller than the layer's size, ${size}`,
        got: String(options.projection),
        fix: 'Leave it out, or put dense(…) behind the layer to make its output wider.',
      })
    expectHeads(type, size, options, definition)
    return {
      type,
      options: { size: expectCount(size, `the size of ${type}`), ...given },
      build: (input, context) => {
        expectSignal(input, ['sequence'], whereOf(`${type}(${size})`, context))
        return new RNNLayer(chosenFrom(chosen), input as Sequence, size, options, context)
      },
    }
  }
  return Object.assign(blueprint as unknown as Cell<S, G, A>, { definition })
}

/** Groups gates that multiply one and the same formula. */
const grouped = (gates: readonly string[], inputs: { readonly [gate: string]: Expression }): RecurrentInput[] => {
  const groups = new Map<Expression, string[]>()
  for (const gate of gates.filter((name) => Object.hasOwn(inputs, name)))
    groups.set(inputs[gate]!, [...(groups.get(inputs[gate]!) ?? []), gate])
  return [...groups].map(([value, of]) => ({ gates: of, value }))
}

/** Runs the body of a cell. That it fits what the cell names is checked in `cell`, where formulas come from outside. */
const defineCell = <G extends string, S extends string, P extends string, A extends string>(
  type: string,
  { gates, state, params: given = [], activations: defaults, heads = false }: CellSpec<G, S, P, A>,
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
    activations: names, activated, heads,
  }
}
