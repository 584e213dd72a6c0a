import type { Backend, Kernel } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import { asRows, expectWithin, sizeOf, type Random } from '@recurra/tensor'
import { copy, features, KernelLayer, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type Extent, type Same } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, wantsGradient, type Wire } from './variable.ts'

/** Where a unit is dropped its input does not matter, whatever it is. */
const keepSome = formula({ each: ['x', 'scale'] }, ({ x, scale }) => ({ y: select(scale, x.mul(scale), 0) }))

class Dropout extends KernelLayer {
  readonly type = 'dropout'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  readonly #rate: number
  readonly #random: Random

  constructor(signal: Signal, rate: number, { backend, random }: BuildContext) {
    super()
    this.in = signal
    this.out = signal
    this.backend = backend
    this.#rate = rate
    this.#random = random
  }

  plan(x: Wire, extent: Extent): KernelFrame {
    const { backend } = this
    const training = extent.mode === 'training'
    const y = variable(backend, x.value.shape, training)
    const frame = { x, y, extent, initial: {}, final: {} }
    if (!training) return { ...frame, ahead: [copy(backend, features(x), y.value)], back: [] }
    const scale = backend.zeros(x.value.shape)
    const drawn = new Float64Array(sizeOf(x.value.shape))
    const kept = 1 - this.#rate
    const draw: Kernel = () => {
      for (let i = 0; i < drawn.length; i++) drawn[i] = this.#random.uniform() < kept ? 1 / kept : 0
      backend.write(scale, drawn)
    }
    const keep = (from: Wire['grad'], to: Wire['grad']): Kernel => backend.formula(keepSome, { x: asRows(from), scale: asRows(scale), y: asRows(to) })
    const back = wantsGradient(x) ? [keep(y.grad, x.grad)] : []
    return { ...frame, ahead: [draw, keep(features(x), asRows(y.value))], back }
  }
}

/** Drops each number with probability `rate` and scales the others by 1 / (1 - rate), while training; does nothing at inference. */
export const dropout = (rate: number): Blueprint<Sequence | Vector, Same, {}> => ({
  type: 'dropout',
  options: { rate: expectWithin(rate, 'the rate of dropout', 0, 0.999) },
  build: (signal, context) => {
    expectSignal(signal, ['sequence', 'vector'], whereOf('dropout', context))
    return new Dropout(signal, rate, context)
  },
})
