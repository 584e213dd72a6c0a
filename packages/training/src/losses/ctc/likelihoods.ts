import type { Backend, Kernel } from '@recurra/backend'
import {
  constant, equal, exp, formula, log, max, maxOverColumns, select, sumOverAll, sumOverColumns, type Expression,
  type Program,
} from '@recurra/formula'
import { inOrder } from '@recurra/layers/authoring'
import { at, type Tensor } from '@recurra/tensor'
import type { Reduction } from '../loss.ts'
import type { LossMemory } from '../loss-frame.ts'
import { finite, impossible, inside } from './paths.ts'
import type { Alpha } from './plan-alpha.ts'
import type { States } from './states.ts'

/** How the likelihood of a sequence becomes its loss. */
export interface LikelihoodOptions {
  readonly reduction: Reduction
  readonly zeroInfinity: boolean
}

/** What all paths come to. */
export interface Likelihoods {
  /** The logarithm of the probability of the target: [batch]. */
  readonly likelihood: Tensor
  /** The loss of each sequence: [batch]. */
  readonly each: Tensor
  /** What the gradient of each is multiplied by, 0 where the loss is infinite: [batch]. */
  readonly scales: Tensor
  /** alpha -> all of these, and the sum of the losses and how many there are */
  readonly run: Kernel
}

/** Paths that are complete: in the last label, or in the blank after it. */
const complete = (alpha: Expression, count: Expression): Expression =>
  select(constant(3).sub(inside(count)), alpha, impossible)
const bestOf = formula({ element: ['alpha'], row: ['count'] }, ({ alpha, count }) => ({
  best: maxOverColumns(complete(alpha, count)),
}))
const sumOf = formula({ element: ['alpha'], row: ['count', 'best'] }, ({ alpha, count, best }) => ({
  powers: sumOverColumns(exp(complete(alpha, count).sub(finite(best)))),
}))

type Names = 'best' | 'powers' | 'labels' | 'real' | 'sum' | 'count' | keyof Omit<Likelihoods, 'run'>
const lossOf = ({ reduction, zeroInfinity }: LikelihoodOptions): Program<Names> =>
  formula({ row: ['best', 'powers', 'labels', 'real'] }, ({ best, powers, labels, real }) => {
    const likelihood = log(powers).add(finite(best))
    const possible = equal(equal(powers, 0), 0)
    const part = constant(1).div(reduction === 'mean' ? max(labels, 1) : 1)
    const loss = likelihood.neg().mul(part)
    const each = select(real, zeroInfinity ? select(possible, loss, 0) : loss, 0)
    return {
      likelihood: sumOverColumns(likelihood),
      each: sumOverColumns(each),
      scales: sumOverColumns(select(real, possible.mul(part), 0)),
      sum: sumOverAll(each),
      count: sumOverAll(select(real, 1, 0)),
    }
  })

/** `real` is above 0 for sequences that are there at all: [batch]. */
export const likelihoodsFor = (
  backend: Backend,
  { count: labels }: States,
  { alpha }: Alpha,
  { real, sum, count }: Pick<LossMemory, 'sum' | 'count'> & { readonly real: Tensor },
  options: LikelihoodOptions,
): Likelihoods => {
  const [steps, batch] = alpha.shape as [number, number, number]
  const perSequence = (): Tensor => backend.zeros([batch])
  const [best, powers] = [perSequence(), perSequence()]
  const [likelihood, each, scales] = [perSequence(), perSequence(), perSequence()]
  const last = at(alpha, steps - 1)
  const run = inOrder([
    backend.formula(bestOf, { alpha: last, count: labels, best }),
    backend.formula(sumOf, { alpha: last, count: labels, best, powers }),
    backend.formula(lossOf(options), { best, powers, labels, real, likelihood, each, scales, sum, count }),
  ])
  return { likelihood, each, scales, run }
}
