import { expectAtOnce, type Backend, type Kernel } from '@recurra/backend'
import { inOrder, requiresGradient, type Variable } from '@recurra/layers/authoring'
import { asRows, type Indices, type Tensor } from '@recurra/tensor'
import type { Loss, LossFrame, RowLosses } from './loss.ts'
import { scaleOf, sumOfRows } from './row-losses.ts'
import { targetCheckFor } from './targets.ts'

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
  const { target, classes, rows } = planned
  const check = classes && targetCheckFor(backend, target as Indices, mask, classes, type)
  const forward = inOrder([
    ...(check?.kernels ?? []), ...planned.forward,
    ...(rows ? sumOfRows(backend, rows, memory) : []), ...scaleOf(backend, reduction, memory),
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
