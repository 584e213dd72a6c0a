import {
  defineLayer, parameter, sequence, type Blueprint, type BuildContext, type Sequence, type Variable,
} from '@recurra/layers/authoring'
import { ConfigurationError, expectCount, option, options } from '@recurra/tensor'
import { planRecurrence, type Sizes } from './plan-recurrence.ts'
import { formulasOf, type AnySpec, type RecurrenceFormulas } from './recurrence-formulas.ts'
import type { MatrixRecurrenceSpec, Per } from './recurrence-spec.ts'

/** Options of every recurrence with a matrix state, as plain data. */
export interface MatrixRecurrenceOptions {
  /** Heads, each with a matrix of its own: a divisor of the size. Default: 1. */
  readonly heads?: number
  /** The rows of the matrix of each head, the size of a key. Default: size / heads. */
  readonly keys?: number
  /**
   * Steps that are computed at once. The result does not depend on it, apart from rounding. Default: 32, or 16 for a
   * recurrence with a decay per row or a correction.
   */
  readonly chunk?: number
}

/** Makes blueprints of a recurrence with a matrix state: `mLstm(256, { heads: 4 })`. */
export type MatrixRecurrence<Slot extends string = 'S'> = <const F extends number>(
  size: F, options?: MatrixRecurrenceOptions,
) => Blueprint<Sequence, Sequence<F>, { readonly [slot in Slot]: Variable }>

type Spec<X extends string, P extends string, H extends string> = MatrixRecurrenceSpec<X, P, H>

/**
 * A recurrent layer whose state is a matrix per head, from its formulas.
 */
export function matrixRecurrence<const X extends string, const P extends string = never, const H extends string = never>(
  type: string, spec: Spec<X, P, H> & Required<Pick<Spec<X, P, H>, 'stabilized'>>,
): MatrixRecurrence<'S' | 'm'>
export function matrixRecurrence<const X extends string, const P extends string = never, const H extends string = never>(
  type: string, spec: Spec<X, P, H>,
): MatrixRecurrence
export function matrixRecurrence<X extends string, P extends string, H extends string>(
  type: string, spec: Spec<X, P, H>,
): MatrixRecurrence<'S' | 'm'> {
  const any = spec as unknown as AnySpec
  const known = new Map<string, RecurrenceFormulas>()
  const formulas = (keys: number, masked: boolean): RecurrenceFormulas => {
    const key = `${keys} ${masked}`
    const derived = known.get(key) ?? formulasOf(any, keys, masked)
    known.set(key, derived)
    return derived
  }
  return (size, given = {}) => {
    const { heads, keys = size / heads, chunk } = options(type, given, {
      heads: option.count(1), keys: option.count(), chunk: option.count(),
    })
    expectCount(size, `the size of ${type}`)
    if (size % heads !== 0)
      throw new ConfigurationError({
        where: type, expected: `heads that divide the size, ${size}`, got: String(heads),
        fix: 'Every head has as many columns.',
      })
    const sizes: Sizes = { heads, keys, values: size / heads }
    return defineLayer({
      type,
      title: `${type}(${size})`,
      options: { size, ...given },
      accepts: ['sequence'],
      build({ size: width }, context) {
        const params = paramsOf(any, width, sizes, context)
        return {
          out: sequence(size),
          params,
          plan(x, callShape) {
            const { backend } = context
            const derived = formulas(keys, callShape.lengths !== undefined)
            return planRecurrence({ backend, spec: any, formulas: derived, sizes, params, chunk }, x, callShape)
          },
        }
      },
    })
  }
}

const widthOf = (per: Per, { heads, keys, values }: Sizes): number =>
  per === 'sharedKey' ? keys : heads * (per === 'key' ? keys : per === 'value' ? values : 1)

/** `<projection>Weight` [features, width], `<projection>Bias` [width] where there is one, and the others as named. */
const paramsOf = (
  { projections, biases = {}, params = {} }: AnySpec, features: number, sizes: Sizes, context: BuildContext,
): { readonly [name: string]: Variable } => {
  const named = Object.entries(projections).flatMap(([name, per]) => {
    const width = widthOf(per, sizes)
    const weight = parameter([features, width], { uniform: 1 / Math.sqrt(features) }, context)
    const bias = biases[name]
    return [
      [`${name}Weight`, weight] as const,
      ...(bias === undefined ? [] : [[`${name}Bias`, parameter([width], bias, context)] as const]),
    ]
  })
  const others = Object.entries(params).map(([name, [per, initializer]]) =>
    [name, parameter([per === 'head' ? sizes.heads : sizes[`${per}s`]], initializer, context)] as const)
  return Object.fromEntries([...named, ...others])
}
