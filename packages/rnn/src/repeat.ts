import type { Backend, Kernel } from '@recurra/backend'
import {
  expectPlan,
  expectSignal,
  features,
  KernelLayer,
  sequence,
  variable,
  wantsGradient,
  whereOf,
  zero,
  type AsSequence,
  type Blueprint,
  type CallShape,
  type KernelFrame,
  type Sequence,
  type Signal,
  type Vector,
  type Wire,
} from '@recurra/layers'
import { asRows, expectCount } from '@recurra/tensor'

/** y = x at every step. */
class Repeat extends KernelLayer {
  readonly type = 'repeat'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend
  override readonly causal = false
  readonly #steps: number

  constructor(input: Signal, steps: number, backend: Backend) {
    super()
    this.in = input
    this.out = sequence(input.size)
    this.backend = backend
    this.#steps = steps
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const { batch, mode } = callShape
    const { backend } = this
    const steps = this.#steps
    const y = variable(backend, [steps, batch, this.out.size], mode === 'training')
    const indices = backend.indices([steps * batch])
    backend.write(indices, Array.from({ length: steps * batch }, (_, row) => row % batch))
    const back: Kernel[] = []
    if (mode === 'training' && wantsGradient(x))
      back.push(zero(backend, x.grad), backend.scatterAdd({ table: x.grad, rows: asRows(y.grad), indices }))
    return {
      x,
      y,
      callShape: { steps, batch, mode },
      initial: {},
      final: {},
      ahead: [backend.gather({ out: asRows(y.value), table: features(x), indices })],
      back,
    }
  }
}

/**
 * The same vector at every step (Keras' RepeatVector): [batch, features] -> [batch, steps, features].
 *
 * ```ts
 * import { lstm, repeat, sequential, vector } from 'recurra'
 *
 * console.log(sequential(vector(4), [repeat(10), lstm(16)]).out) // { kind: 'sequence', size: 16 }
 * ```
 * @throws `ConfigurationError` if the steps are no whole number of at least 1.
 */
export const repeat = (steps: number): Blueprint<Vector, AsSequence, {}> => ({
  type: 'repeat',
  options: { steps: expectCount(steps, 'the number of steps in repeat') },
  build: (input, context) => {
    expectSignal(input, ['vector'], whereOf(`repeat(${steps})`, context))
    return new Repeat(input, steps, context.backend)
  },
})
