import {
  defineLayer, sequence, type Blueprint, type BuiltLayer, type Layer, type Sequence, type Variable,
} from '@recurra/layers/authoring'
import { ConfigurationError, expectKnown } from '@recurra/tensor'
import { chosenSpec } from './chosen-spec.ts'
import { expectRead, expectSpec } from './expect-recurrence.ts'
import { inReverse } from './in-reverse.ts'
import { planRecurrence } from './plan-recurrence.ts'
import type { Sizes } from './recurrence-call.ts'
import { derivedFormulas, type AnySpec, type ChosenSpec, type RecurrenceFormulas } from './recurrence-formulas.ts'
import { sizesOf, type MatrixRecurrenceOptions } from './recurrence-options.ts'
import { recurrenceParams } from './recurrence-params.ts'
import type { MatrixRecurrenceSpec } from './recurrence-spec.ts'

/** A built recurrence with a matrix state: its description is enough to write it in other languages. */
export interface MatrixRecurrenceLayer extends Layer {
  /** What was described. */
  readonly recurrence: ChosenSpec
  /** The heads, and the matrix of each. */
  readonly sizes: Sizes
}

/** Makes blueprints of a recurrence with a matrix state: `mLstm(256, { heads: 4 })`. */
export type MatrixRecurrence<Slot extends string = 'S'> = <const F extends number>(
  size: F, options?: MatrixRecurrenceOptions,
) => Blueprint<Sequence, Sequence<F>, { readonly [slot in Slot]: Variable }>

type Shifted = { readonly shifted: true }
type Stabilized<S extends { readonly stabilized?: unknown }> = S & Required<Pick<S, 'stabilized'>>
type Spec<X extends string, P extends string, H extends string> = MatrixRecurrenceSpec<X, P, H>

/** The makers, with or without the slot of a stabilizer or of the input before. */
interface Maker {
  <const X extends string, const P extends string = never, const H extends string = never>(
    type: string, spec: Stabilized<Spec<X, P, H>> & Shifted,
  ): MatrixRecurrence<'S' | 'm' | 'x'>
  <const X extends string, const P extends string = never, const H extends string = never>(
    type: string, spec: Stabilized<Spec<X, P, H>>,
  ): MatrixRecurrence<'S' | 'm'>
  <const X extends string, const P extends string = never, const H extends string = never>(
    type: string, spec: Spec<X, P, H> & Shifted,
  ): MatrixRecurrence<'S' | 'x'>
  <const X extends string, const P extends string = never, const H extends string = never>(
    type: string, spec: Spec<X, P, H>,
  ): MatrixRecurrence
}

/** A recurrence whose formulas are known to fit: those that come with this package, which its tests check. */
export const uncheckedRecurrence: Maker = /* @__NO_SIDE_EFFECTS__ */ (
  type: string, described: AnySpec,
): MatrixRecurrence<'S' | 'm' | 'x'> => {
  const known = new Map<string, RecurrenceFormulas>()
  const formulas = (spec: ChosenSpec, keys: number, masked: boolean): RecurrenceFormulas => {
    const key = [keys, masked, ...Object.keys(spec.convolved ?? {}), '', ...Object.keys(spec.lowRank ?? {})].join()
    const derived = known.get(key) ?? derivedFormulas(spec, keys, masked, type)
    known.set(key, derived)
    return derived
  }
  return (size, given = {}) => {
    const { chunk, initializers, convolution, ranks, reverse, ...sizes } = sizesOf(type, size, given)
    const spec = chosenSpec(type, described, { convolution, ranks })
    if (spec.rotary && sizes.keys % 2 !== 0)
      throw new ConfigurationError({
        where: type, expected: 'an even number of keys, which turn in pairs', got: String(sizes.keys),
        fix: 'Pass keys, or another number of heads.',
      })
    return defineLayer({
      type,
      title: `${type}(${size})`,
      options: { size, ...given },
      accepts: ['sequence'],
      build({ size: width }, context): BuiltLayer & Pick<MatrixRecurrenceLayer, 'recurrence' | 'sizes'> {
        const { backend, where } = context
        const params = recurrenceParams(spec, width, sizes, { initializers, convolution, ranks }, context)
        expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
        const layer = { type, backend, spec, sizes, params, chunk }
        return {
          out: sequence(size),
          causal: !reverse,
          segmentable: false, // chunks begin with the first step
          params,
          recurrence: spec,
          sizes,
          plan(x, callShape) {
            const own = { ...layer, formulas: formulas(spec, sizes.keys, callShape.lengths !== undefined) }
            return reverse
              ? inReverse(backend, x, callShape, (...given) => planRecurrence(own, ...given))
              : planRecurrence(own, x, callShape)
          },
        }
      },
    })
  }
}

/**
 * A recurrent layer whose state is a matrix per head, from its formulas: what it writes to the state, reads from it and
 * decays. Recurra computes many steps at once by matrix products, runs streams step by step, and derives the gradients.
 * The recurrence is
 *
 * $$ S_t = w_t \odot S_{t-1} + b_t (a_t^\top S_{t-1}) + k_t v_t^\top \qquad y_t = S_t^\top q_t $$
 *
 * ```ts
 * import { matrixRecurrence, sequential, sigmoid } from 'recurra'
 *
 * const fastWeights = matrixRecurrence('fastWeights', {
 *   projections: { q: 'key', k: 'key', v: 'value', decay: 'head' },
 *   head: ({ x }) => ({ decay: sigmoid(x.decay) }),
 *   key: ({ x }) => ({ query: x.q, key: x.k }),
 *   value: ({ x }) => x.v,
 * })
 * const model = sequential(4, [fastWeights(16, { heads: 2 })])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 16]
 * ```
 * @function
 * @throws `ConfigurationError` if a formula reads an unknown value, a projection or a parameter is never read, or there
 * is no decay; and from what it returns if a size is not a positive integer, the heads do not divide it, or an option
 * is unknown or invalid.
 */
export const matrixRecurrence: Maker = /* @__NO_SIDE_EFFECTS__ */ (
  type: string, spec: AnySpec,
): MatrixRecurrence<'S' | 'm' | 'x'> => {
  expectSpec(spec, type)
  expectRead(spec, derivedFormulas(chosenSpec(type, spec, { convolution: undefined, ranks: {} }), 1, false, type), type)
  return uncheckedRecurrence(type, spec as Stabilized<AnySpec> & Shifted)
}
