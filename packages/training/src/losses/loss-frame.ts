import { expectAtOnce, type Backend, type Kernel } from '@recurra/backend'
import { constant, formula, select, sumOverAll } from '@recurra/formula'
import { inOrder, requiresGradient, type Variable } from '@recurra/layers/authoring'
import { asRows, type Indices, type Tensor } from '@recurra/tensor'
import type { Loss, LossFrame } from './loss.ts'
import { targetCheckFor } from './targets.ts'

/** What all losses have, for a loss to plan with. */
export type LossMemory = Pick<LossFrame, 'mask' | 'sum' | 'count' | 'scale'>

/** What a loss plans itself. */
export interface PlannedLoss
  extends Pick<LossFrame, 'target' | 'perSequence' | 'classes' | 'range' | 'remedy' | 'each'> {
  /** y, target, mask -> each, sum, count */
  readonly forward: readonly Kernel[]
  /** Plans the way back, scale -> y.grad; only called where y has a gradient. */
  backward(): readonly Kernel[]
}

const inverse = formula({ scalar: ['count'] }, ({ count }) => ({
  scale: sumOverAll(select(count, constant(1).div(count), 0)), // a mean over nothing is 0
}))

/** The frame of a loss from its plan: targets are checked, the scale follows from the count, and the value is read. */
export const lossFrame = (
  backend: Backend,
  { type, reduction }: Pick<Loss, 'type' | 'reduction'>,
  y: Variable,
  mask: Tensor | undefined = everyRow(backend, asRows(y.value).shape[0]!),
  plan: (memory: LossMemory) => PlannedLoss,
): LossFrame => {
  const memory = { mask, sum: backend.zeros([]), count: backend.zeros([]), scale: backend.zeros([]) }
  const { sum, count, scale } = memory
  const planned = plan(memory)
  const { target, classes } = planned
  const check = classes && targetCheckFor(backend, target as Indices, mask, classes, type)
  const isMean = reduction === 'mean'
  if (!isMean) backend.write(scale, [1])
  const forward = inOrder([
    ...(check?.kernels ?? []), ...planned.forward, ...(isMean ? [backend.formula(inverse, { count, scale })] : []),
  ])
  const backward = inOrder(requiresGradient(y) ? planned.backward() : [])
  const scalars = [sum, count, scale, ...(check ? [check.faults] : [])]
  const readBack = backend.readBack(scalars)
  const frame: LossFrame = {
    ...memory,
    ...planned,
    scalars,
    forward: () => forward(0),
    backward: () => backward(0),
    value(values) {
      if (check && values[3]! > 0) throw check.fault()
      return values[0]! * values[2]!
    },
    run() {
      expectAtOnce(backend, 'a read-back of its `scalars`')
      frame.forward()
      frame.backward()
      void readBack.run()
      return frame.value(readBack.values)
    },
  }
  return frame
}

/** A mask by which every row counts: [rows]. */
const everyRow = (backend: Backend, rows: number): Tensor => {
  const mask = backend.zeros([rows])
  backend.write(mask, Array.from({ length: rows }, () => 1))
  return mask
}
