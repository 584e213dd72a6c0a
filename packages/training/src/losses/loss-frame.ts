import type { Backend, Kernel } from '@recurra/backend'
import { constant, formula, maxOverRows, select, sumOverAll } from '@recurra/formula'
import { inOrder, requiresGradient, type Variable } from '@recurra/layers/authoring'
import { asRows, reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { Loss, LossFrame, Reduction, RowLosses } from './loss.ts'

/** What all losses have, for a loss to plan with. */
export type LossMemory = Pick<LossFrame, 'mask' | 'sum' | 'count' | 'scale'>

/** What a loss plans itself. */
export interface PlannedLoss
  extends Pick<LossFrame, 'target' | 'perSequence' | 'classes' | 'range' | 'remedy' | 'each'> {
  /** y, target, mask -> each, and what `rows` has; without that, sum and count. */
  readonly forward: readonly Kernel[]
  /** The loss of each row, which are summed up here. */
  readonly rows?: RowLosses
  /** Plans the way back, scale -> y.grad; only called where y has a gradient. */
  backward(): readonly Kernel[]
}

/** The frame of a loss from its plan: the scale follows from the count, the value from both. */
export const lossFrame = (
  backend: Backend,
  { reduction }: Pick<Loss, 'reduction'>,
  y: Variable,
  mask: Tensor | undefined = everyRow(backend, asRows(y.value).shape[0]!),
  plan: (memory: LossMemory) => PlannedLoss,
): LossFrame => {
  const memory = { mask, sum: backend.zeros([]), count: backend.zeros([]), scale: backend.zeros([]) }
  const planned = plan(memory)
  const { rows } = planned
  const forward = inOrder([
    ...planned.forward, ...(rows ? sumOfRows(backend, rows, memory) : []), ...scaleOf(backend, reduction, memory),
  ])
  const backward = inOrder(requiresGradient(y) ? planned.backward() : [])
  return {
    ...memory,
    ...planned,
    forward: () => forward(0),
    backward: () => backward(0),
    value: ({ sum, scale }) => sum[0]! * scale[0]!,
  }
}

/** A mask by which every row counts: [rows]. */
const everyRow = (backend: Backend, rows: number): Tensor => {
  const mask = backend.zeros([rows])
  backend.write(mask, Array.from({ length: rows }, () => 1))
  return mask
}

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
