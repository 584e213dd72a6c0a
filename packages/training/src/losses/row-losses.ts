import type { Backend, Kernel } from '@recurra/backend'
import { constant, formula, maxOverRows, select, sumOverAll } from '@recurra/formula'
import { reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { LossFrame, Reduction, RowLosses } from './loss.ts'

const total = formula({ element: ['each'] }, ({ each }) => ({ sum: sumOverAll(each) }))
const totals = formula({ element: ['losses', 'counts'] }, ({ losses, counts }) => ({
  sum: sumOverAll(losses), count: sumOverAll(counts),
}))
const anyStep = formula({ element: ['counts'] }, ({ counts }) => ({ any: maxOverRows(select(counts, 1, 0)) }))
const inverse = formula({ scalar: ['count'] }, ({ count }) => ({
  scale: sumOverAll(select(count, constant(1).div(count), 0)), // a mean over nothing is 0
}))

const asLine = (x: Tensor): Tensor => reshape(x, [1, sizeOf(x.shape)])

/** losses, counts -> sum, count */
export const sumOfRows = (
  backend: Backend, { losses, counts, sequences }: RowLosses, { sum, count }: Pick<LossFrame, 'sum' | 'count'>,
): readonly Kernel[] => {
  if (sequences === undefined)
    return [backend.formula(totals, { losses: asLine(losses), counts: asLine(counts), sum, count })]
  const any = backend.zeros([sequences])
  return [
    backend.formula(total, { each: asLine(losses), sum }),
    backend.formula(anyStep, { counts: reshape(counts, [sizeOf(counts.shape) / sequences, sequences]), any }),
    backend.formula(total, { each: asLine(any), sum: count }),
  ]
}

/** count -> scale; where the loss is no mean, that is 1. */
export const scaleOf = (
  backend: Backend, reduction: Reduction, { count, scale }: Pick<LossFrame, 'count' | 'scale'>,
): readonly Kernel[] => {
  if (reduction === 'mean') return [backend.formula(inverse, { count, scale })]
  backend.write(scale, [1])
  return []
}
