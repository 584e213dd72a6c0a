import {
  parameter, type BuildContext, type Initializer, type Initializers, type Variable,
} from '@recurra/layers/authoring'
import type { Choices } from './chosen-spec.ts'
import type { Sizes } from './recurrence-call.ts'
import type { AnySpec } from './recurrence-formulas.ts'
import type { ParamPer, Per } from './recurrence-spec.ts'
import { mixInitializer } from './token-shift.ts'

const widthOf = (per: Per, { heads, keys, values }: Sizes): number =>
  per === 'sharedKey' ? keys : heads * (per === 'key' ? keys : per === 'value' ? values : 1)

const widthOfParam = (per: ParamPer, { heads, keys, values }: Sizes): number =>
  per === 'head' ? heads : per === 'key' ? keys : per === 'value' ? values
    : heads * (per === 'headKey' ? keys : values)

/** What users choose of the parameters. */
export interface RecurrenceParamsOptions extends Choices {
  readonly initializers: Initializers
}

/**
 * The parameters of a recurrence: `<projection>Weight` [features, width], or `<projection>Down` [features, rank] and
 * `<projection>Up` [rank, width], `<projection>Bias` [width] where there is one, `<projection>Mix` [features] where
 * inputs are shifted, `<projection>Kernel` [steps, width] and `<projection>KernelBias` [width] where the products are
 * convolved, and the others as named.
 */
export const recurrenceParams = (
  { projections, biases = {}, params = {}, shifted, mixedAs = {}, convolved = {} }: AnySpec,
  features: number, sizes: Sizes,
  { initializers, convolution = 0, ranks }: RecurrenceParamsOptions, context: BuildContext,
): { readonly [name: string]: Variable } => {
  const made = (name: string, width: readonly number[], usual: Initializer): [name: string, made: Variable] =>
    [name, parameter(width, initializers[name] ?? usual, context)]
  const matrix = (name: string, rows: number, columns: number) =>
    made(name, [rows, columns], { uniform: 1 / Math.sqrt(rows) })
  const weightOf = (name: string, width: number) => {
    const rank = ranks[name]
    return rank === undefined ? [matrix(`${name}Weight`, features, width)]
      : [matrix(`${name}Down`, features, rank), matrix(`${name}Up`, rank, width)]
  }
  const ofKernel = { uniform: 1 / Math.sqrt(convolution) }
  const kernelOf = (name: string, width: number) => convolved[name] ? [
    made(`${name}Kernel`, [convolution, width], ofKernel),
    ...(convolved[name].bias ? [made(`${name}KernelBias`, [width], ofKernel)] : []),
  ] : []
  const named = Object.entries(projections).flatMap(([name, per]) => {
    const width = widthOf(per, sizes)
    const bias = biases[name]
    return [
      ...weightOf(name, width),
      ...(bias === undefined ? [] : [made(`${name}Bias`, [width], bias)]),
      ...(shifted && !mixedAs[name] ? [made(`${name}Mix`, [features], mixInitializer)] : []),
      ...kernelOf(name, width),
    ]
  })
  const others = Object.entries(params).map(([name, [per, usual]]) => made(name, [widthOfParam(per, sizes)], usual))
  return Object.fromEntries([...named, ...others])
}
