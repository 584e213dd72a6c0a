import type { Backend, Kernel } from '@recurra/backend'
import { expectPlan, expectSignal, features, KernelLayer, variable, vector, wantsGradient, whereOf, zero, type AsVector, type Blueprint, type Extent, type KernelFrame, type Sequence, type Signal, type Vector, type Wire } from '@recurra/layers'
import { asRows } from '@recurra/tensor'

/** y = x at the last real step of each sequence. */
class Last extends KernelLayer {
  readonly type = 'last'
  readonly in: Signal
  readonly out: Vector
  readonly backend: Backend

  constructor(input: Signal, backend: Backend) {
    super()
    this.in = input
    this.out = vector(input.size)
    this.backend = backend
  }

  plan(x: Wire, whole: Extent): KernelFrame {
    expectPlan(this, x, whole)
    const { backend } = this
    const { lengths, ...extent } = whole
    const { steps, batch, mode } = extent
    const y = variable(backend, [batch, this.out.size], mode === 'training')
    const indices = lengths?.lastRows ?? backend.indices([batch])
    if (!lengths) backend.write(indices, Array.from({ length: batch }, (_, b) => (steps - 1) * batch + b))
    const back: Kernel[] = []
    if (mode === 'training' && wantsGradient(x)) back.push(zero(backend, x.grad), backend.scatterAdd({ table: asRows(x.grad), rows: y.grad, indices }))
    return { x, y, extent, initial: {}, final: {}, ahead: [backend.gather({ out: y.value, table: features(x), indices })], back }
  }
}

/**
 * The last real step alone: [batch, time, features] -> [batch, features].
 *
 * ```ts
 * import { dense, last, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16), last(), dense(1)]) // one answer for a sequence
 * console.log(model.out) // { kind: 'vector', size: 1 }
 * ```
 */
export const last = (): Blueprint<Sequence, AsVector, {}> => ({
  type: 'last',
  build: (input, context) => {
    expectSignal(input, ['sequence'], whereOf('last', context))
    return new Last(input, context.backend)
  },
})
