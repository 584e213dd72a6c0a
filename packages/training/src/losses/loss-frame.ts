import type { Backend, Kernel } from '@recurra/backend'
import { inOrder } from '@recurra/layers'
import type { Indices } from '@recurra/tensor'
import { readNow } from '../read-now.ts'
import type { LossFrame } from './loss.ts'
import { targetCheckFor } from './targets.ts'

/** What a loss plans itself. */
export interface PlannedLoss extends Omit<LossFrame, 'scalars' | 'forward' | 'backward' | 'check' | 'run'> {
  /** y, target, mask -> each, sum, count, scale */
  readonly forward: readonly Kernel[]
  /** -> y.grad; empty where y has no gradient. */
  readonly backward: readonly Kernel[]
}

/** What all losses have in common: targets are checked, and the value is read back. */
export const lossFrame = (backend: Backend, type: string, planned: PlannedLoss): LossFrame => {
  const { target, mask, classes, sum, count, scale } = planned
  const check = classes && targetCheckFor(backend, target as Indices, mask, classes, type)
  const forward = inOrder([...(check?.kernels ?? []), ...planned.forward])
  const backward = inOrder(planned.backward)
  const scalars = [sum, count, scale, ...(check ? [check.faults] : [])]
  const readBack = backend.readBack(scalars)
  const frame: LossFrame = {
    ...planned,
    scalars,
    forward: () => forward(0),
    backward: () => backward(0),
    check(values) {
      if (check && values[3]! > 0) throw check.fault()
    },
    run() {
      frame.forward()
      frame.backward()
      readNow(readBack)
      frame.check(readBack.values)
      return readBack.values[0]! * readBack.values[2]!
    },
  }
  return frame
}
