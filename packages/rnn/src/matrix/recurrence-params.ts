import {
  parameter, type BuildContext, type Initializer, type Initializers, type Variable,
} from '@recurra/layers/authoring'
import type { Sizes } from './plan-recurrence.ts'
import type { AnySpec } from './recurrence-formulas.ts'
import type { ParamPer, Per } from './recurrence-spec.ts'
import { mixInitializer } from './token-shift.ts'

const widthOf = (per: Per, { heads, keys, values }: Sizes): number =>
  per === 'sharedKey' ? keys : heads * (per === 'key' ? keys : per === 'value' ? values : 1)

const widthOfParam = (per: ParamPer, { heads, keys, values }: Sizes): number =>
  per === 'head' ? heads : per === 'key' ? keys : per === 'value' ? values
    : heads * (per === 'headKey' ? keys : values)

/**
 * The parameters of a recurrence: `<projection>Weight` [features, width], `<projection>Bias` [width] where there is
 * one, `<projection>Mix` [features] where inputs are shifted, and the others as named.
 */
export const recurrenceParams = (
  { projections, biases = {}, params = {}, shifted }: AnySpec, features: number, sizes: Sizes,
  initializers: Initializers, context: BuildContext,
): { readonly [name: string]: Variable } => {
  const made = (name: string, width: readonly number[], usual: Initializer): [name: string, made: Variable] =>
    [name, parameter(width, initializers[name] ?? usual, context)]
  const named = Object.entries(projections).flatMap(([name, per]) => {
    const width = widthOf(per, sizes)
    const bias = biases[name]
    return [
      made(`${name}Weight`, [features, width], { uniform: 1 / Math.sqrt(features) }),
      ...(bias === undefined ? [] : [made(`${name}Bias`, [width], bias)]),
      ...(shifted ? [made(`${name}Mix`, [features], mixInitializer)] : []),
    ]
  })
  const others = Object.entries(params).map(([name, [per, usual]]) => made(name, [widthOfParam(per, sizes)], usual))
  return Object.fromEntries([...named, ...others])
}
