import {
  constant, differentiate, formula, input, outputsOf, programOf, select, substitute, sumOverColumns, type Expression,
  type Program,
} from '@recurra/formula'
import { asRows, options, type Tensor } from '@recurra/tensor'
import { lossFrame } from './loss-frame.ts'
import { reductionOption, type Loss, type Reduction } from './loss.ts'

/** Options of element-wise losses. */
export interface ElementWiseOptions {
  /** Default: 'mean', over all elements of the rows that count, as in PyTorch. */
  readonly reduction?: Reduction
}

/** What else such a loss has of its own. */
export interface Aims {
  /** What a mean is over. Default: 'elements'. */
  readonly over?: MeanOver
  /** Which targets a mean over elements counts: 1, or 0 for those whose loss is 0 whatever y is. Default: all. */
  readonly counts?: (target: Expression) => Expression
  /** Between which numbers targets lie. */
  readonly range?: readonly [least: number, most: number] | undefined
}

/** What a mean is over. */
export type MeanOver = 'elements' | 'sequences'

/** Numbers that a formula reads, one for each column of y. */
export interface PerColumn {
  readonly [name: string]: (columns: number) => readonly number[]
}

const masked = (e: Expression): Expression => select(input('mask', 'row'), e, 0)
const countElements = (columns: number): Program<'mask' | 'counts'> =>
  formula({ row: ['mask'] }, ({ mask }) => ({ counts: sumOverColumns(select(mask, constant(columns), 0)) }))
const countTargets = (counts: NonNullable<Aims['counts']>): Program<'target' | 'mask' | 'counts'> =>
  formula({ element: ['target'], row: ['mask'] }, ({ target, mask }) => ({
    counts: sumOverColumns(select(mask, counts(target), 0)),
  }))

/**
 * Defines an element-wise loss by its formula; Recurra derives the gradient.
 *
 * ```ts
 * import { elementWise, softplus } from 'recurra'
 *
 * const logCosh = elementWise('logCosh', (y, target) => {
 *   const e = y.sub(target)
 *   return softplus(e.mul(-2)).add(e).sub(Math.LN2) // log cosh e, without overflow
 * })
 * console.log(logCosh.reduction) // mean
 * ```
 *
 * A formula may read numbers that differ between columns: `perColumn` provides them.
 *
 * ```ts
 * import { elementWise } from 'recurra'
 *
 * const weighted = elementWise('weighted', (y, target, { weight }) => y.sub(target).mul(weight!), {}, {
 *   weight: (columns) => Array.from({ length: columns }, (_, i) => i + 1),
 * })
 * console.log(weighted.type) // weighted
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const elementWise = (
  type: string,
  body: (y: Expression, target: Expression, perColumn: Readonly<Record<string, Expression>>) => Expression,
  given: ElementWiseOptions = {},
  perColumn: PerColumn = {},
  aims: Aims = {},
): Loss => {
  const { reduction } = options(type, given, { reduction: reductionOption })
  const names = Object.keys(perColumn)
  const ofColumn = (name: string): string => `column.${name}` // whatever its name is, it is not one of ours
  const inputs = names.map((name) => [name, input(ofColumn(name), 'column')] as const)
  const value = body(input('y'), input('target'), Object.fromEntries(inputs))
  const { gradients } = differentiate({ each: value }, ['y'], { save: false })
  // What each element is multiplied by in the result is the adjoint that its gradient starts from.
  const gradient = substitute(gradients['y']!, ({ op, name }) =>
    op === 'input' && name === 'd.each' ? input('scale', 'scalar') : undefined,
  )
  const forwardProgram: Program = programOf(outputsOf({ each: masked(value), losses: sumOverColumns(masked(value)) }))
  const backwardProgram: Program = programOf(outputsOf({ dy: masked(gradient) }))
  const loss: Loss = {
    type, reduction, byRow: true,
    plan: (backend, variable, given) => lossFrame(backend, loss, variable, given, (memory) => {
      const y = asRows(variable.value)
      const [target, each] = [backend.zeros(y.shape), backend.zeros(y.shape)]
      const operands: { [name: string]: Tensor } = { y, target, mask: memory.mask }
      const [losses, counts] = [backend.zeros([y.shape[0]!]), backend.zeros([y.shape[0]!])]
      const rows = { losses, counts, ...(aims.over === 'sequences' && { sequences: variable.value.shape.at(-2)! }) }
      for (const name of names)
        backend.write((operands[ofColumn(name)] = backend.zeros([y.shape[1]!])), perColumn[name]!(y.shape[1]!))
      return {
        target, each,
        range: aims.range,
        rows,
        forward: [
          backend.formula(forwardProgram, { ...operands, each, losses: rows.losses }),
          aims.over !== 'sequences' && aims.counts
            ? backend.formula(countTargets(aims.counts), { target, mask: memory.mask, counts: rows.counts })
            : backend.formula(countElements(y.shape[1]!), { mask: memory.mask, counts: rows.counts }),
        ],
        backward() {
          const read = { ...operands, scale: memory.scale, 'y.each': each }
          return [backend.formula(backwardProgram, { ...read, dy: asRows(variable.grad) })]
        },
      }
    }),
  }
  return loss
}
