import {
  column, constant, equal, input, outputsOf, programOf, select, sumOverColumns, type Expression,
  type Target,
} from '@recurra/formula'
import { requiresGradient } from '@recurra/layers/authoring'
import { asRows, ConfigurationError, expectHeld, option, options, type Floats, type Tensor } from '@recurra/tensor'
import { lossFrame } from './loss-frame.ts'
import { probabilities, reductionOption, type Loss, type Reduction } from './loss.ts'

/** The kind of targets of a loss over classes: a class index, or a probability for each class. */
export type ClassTargets = 'classes' | 'probabilities'

/** Options of the losses over classes. */
export interface ClassOptions {
  /** Default: 'mean', over the rows that count, weighted by class, as in PyTorch. */
  readonly reduction?: Reduction
  /** One weight per class, 0 or more. Default: 1 for each. */
  readonly weights?: readonly number[]
  /**
   * The kind of targets. Default: 'classes', a class index per row. With 'probabilities', the target has the shape of
   * y, with numbers from 0 to 1; a mean then divides by the number of rows that count, regardless of the weights, as in
   * PyTorch.
   */
  readonly targets?: ClassTargets
  /** Rows with this target do not count. Default: every row counts. (PyTorch ignores -100.) */
  readonly ignore?: number
}

/** The values that the formulas of such a loss may read, in one row of scores `y` with one column per class. */
export interface ClassTerms {
  /** The score of the column's class. */
  readonly y: Expression
  /** 1 in the column of the target, else 0; or the probability of the column's class. */
  readonly oneHot: Expression
  /** The weight of the column's class. */
  readonly weight: Expression
  /** Whether the weighted targets of a row may have another sum than 1. */
  readonly weighted: boolean
  /** The number of classes. */
  readonly classes: number
  /** A number per row, computed by an earlier pass. */
  readonly row: (name: string) => Expression
  /** The value that an earlier pass stored in the memory of the gradient. */
  readonly dy: Expression
}

/** The formulas of such a loss. */
export interface ClassFormulas {
  /** Passes over all scores, in order, that compute numbers per row and, under the name `dy`, per score. */
  readonly passes: readonly { readonly [name: string]: Expression | Target }[]
  /** The loss of a row, from the results of the passes. */
  readonly each: Expression
  /**
   * The gradient of a row's loss with respect to `y`. It is used as it is given, not derived from `each`: test it with
   * `describeLoss`, which compares it with finite differences.
   */
  readonly gradient: Expression
}

const isWeight = option.nonNegative(1).fits

/** The options that all losses over classes share. */
export const classOptions: option.Kinds<ClassOptions, 'reduction' | 'targets'> = {
  reduction: reductionOption,
  weights: option.checked<readonly number[]>(
    'a list of finite numbers of at least 0',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isWeight),
  )(),
  targets: option.oneOf('classes', 'probabilities')('classes'),
  ignore: option.checked<number>('an integer', Number.isSafeInteger)(),
}

/**
 * A loss over classes from its formulas; masks, ignored targets, weights and reductions are the same for all. Unlike
 * that of `elementWise`, its gradient is one of the formulas, so that it can read what `passes` have stored. Test it
 * with `describeLoss` of `@recurra/testing/vitest`.
 *
 * ```ts
 * import { sumOverColumns } from '@recurra/formula'
 * import { overClasses } from 'recurra'
 *
 * // -y of the target: of log-probabilities, as negativeLogLikelihood
 * const likelihood = overClasses('likelihood', {}, ({ oneHot, y, row }) => ({
 *   passes: [{ own: sumOverColumns(oneHot.mul(y)) }],
 *   each: row('own').neg(),
 *   gradient: oneHot.neg(),
 * }))
 * console.log(likelihood.reduction) // mean
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const overClasses = (
  type: string,
  given: ClassOptions,
  formulas: (terms: ClassTerms) => ClassFormulas,
): Loss => {
  const { reduction, weights, targets, ignore } = options(type, given, classOptions)
  const soft = targets === 'probabilities'
  if (soft && ignore !== undefined)
    throw new ConfigurationError({
      where: type,
      expected: 'no class to ignore where targets are probabilities',
      got: `ignore ${ignore}`,
      fix: 'Leave ignore out, and use lengths for padding.',
    })
  const row = (name: string): Expression => input(name, 'row')
  const oneHot = soft ? input('target') : equal(column, row('target'))
  const weight = weights ? input('weights', 'column') : constant(1)
  const counts = ignore === undefined ? row('mask') : select(equal(row('target'), ignore), 0, row('mask'))
  const counted = (e: Expression): Expression => select(counts, e, 0)
  const loss: Loss = {
    type, reduction, byRow: true,
    plan: (backend, variable, given) => lossFrame(backend, loss, variable, given, (memory) => {
      const y = asRows(variable.value)
      const [rows, classes] = y.shape as [number, number]
      if (weights && weights.length !== classes)
        throw new ConfigurationError({
          where: 'class weights',
          expected: `one for each of ${classes} classes`,
          got: String(weights.length),
          fix: 'Give every class a weight, 1 for the usual one.',
        })
      if (weights) expectHeld(weights, backend.dtype, 'class weights')
      const weighted = soft || weights !== undefined
      const terms = { y: input('y'), oneHot, weight, weighted, classes, row, dy: input('dy') }
      const { passes, each: eachOf, gradient } = formulas(terms)
      const keepsGradient = requiresGradient(variable)
      const byWeight = weights !== undefined && !soft
      const outputs = passes.map(({ dy, ...perRow }) => (keepsGradient && dy ? { ...perRow, dy } : perRow))
      const counting = counted(eachOf)
      const forward = [
        ...outputs.slice(0, -1),
        { ...outputs.at(-1), ...(byWeight && { counts: sumOverColumns(counted(oneHot.mul(weight))) }) },
        // A pass over rows alone, where counting them costs nothing.
        {
          each: sumOverColumns(counting), ...(!byWeight && { counts: sumOverColumns(counted(constant(1))) }),
        },
      ].map((targets) => programOf<string>(outputsOf<string>(targets)))
      const backward = programOf<string>(outputsOf({ dy: counted(gradient.mul(input('scale', 'scalar'))) }))

      const target = soft ? backend.zeros([rows, classes]) : backend.indices([rows])
      const [each, counts] = [backend.zeros([rows]), backend.zeros([rows])]
      const operands: { [name: string]: Tensor<Floats | Int32Array> } = { y, target, each, counts, ...memory }
      for (const name of outputs.flatMap(Object.keys)) operands[name] = backend.zeros([rows])
      if (keepsGradient) operands['dy'] = asRows(variable.grad)
      if (weights) backend.write((operands['weights'] = backend.zeros([classes])), weights)
      return {
        target, each,
        rows: { losses: each, counts },
        ...(soft ? { range: probabilities } : { classes: { size: classes, ignore } }),
        forward: forward.map((program) => backend.formula(program, operands)),
        backward: () => [backend.formula(backward, operands)],
      }
    }),
  }
  return loss
}
