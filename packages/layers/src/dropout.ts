import type { Backend, Kernel } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import { asRows, expectWithin, option, options, type Random, type Tensor } from '@recurra/tensor'
import { expectPlan } from './expect-plan.ts'
import { copy, features, KernelLayer, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape, type Same } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { toss } from './toss.ts'
import { variable, wantsGradient, type Wire } from './variable.ts'

/** Options of `dropout`. */
export interface DropoutOptions {
  /**
   * Drops the same features at every step of a sequence (variational dropout, Gal and Ghahramani 2016). Default: false.
   */
  readonly variational?: boolean
}

/** Where a unit is dropped its input does not matter, whatever it is. */
const keepSome = formula({ each: ['x', 'scale'] }, ({ x, scale }) => ({ y: select(scale, x.mul(scale), 0) }))

class Dropout extends KernelLayer {
  readonly type = 'dropout'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  readonly random: Random
  readonly #rate: number
  readonly #variational: boolean

  constructor(signal: Signal, rate: number, variational: boolean, { backend, random }: BuildContext) {
    super()
    this.in = signal
    this.out = signal
    this.backend = backend
    this.#rate = rate
    this.#variational = variational
    this.random = random
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const { backend } = this
    const training = callShape.mode === 'training'
    const y = variable(backend, x.value.shape, training)
    const frame = { x, y, callShape, initial: {}, final: {} }
    if (!training) return { ...frame, ahead: [copy(backend, features(x), y.value)], back: [] }
    // One draw for a sequence is the same at every step, one for each number has no need of steps.
    const steps = this.#variational && x.value.shape.length === 3 ? x.value.shape[0]! : 1
    const lay = steps > 1 ? (all: Tensor): Tensor => all : asRows
    const scale = backend.zeros(x.value.shape.slice(steps > 1 ? 1 : 0))
    const keep = (from: Tensor, to: Tensor): Kernel => {
      const step = backend.formula(keepSome, { x: lay(from), scale: steps > 1 ? scale : asRows(scale), y: lay(to) })
      return () => {
        for (let t = 0; t < steps; t++) step(t)
      }
    }
    const back = wantsGradient(x) ? [keep(y.grad, x.grad)] : []
    const draw = toss(backend, this.random, scale, this.#rate, [0, 1 / (1 - this.#rate)])
    return { ...frame, ahead: [draw, keep(x.value as Tensor, y.value)], back }
  }
}

/**
 * Drops each number with probability `rate` and scales the others by 1 / (1 - rate), while training; does nothing at
 * inference (Srivastava et al. 2014). Shapes stay.
 *
 * ```ts
 * import { dense, dropout, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [dropout(0.2, { variational: true }), lstm(32), dropout(0.5), dense(2)])
 * console.log(model.stream().step([1, 2, 3, 4]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the rate lies outside [0, 0.999], or an option is not known, or does not fit.
 */
export const dropout = (rate: number, given?: DropoutOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const { variational } = options('dropout', given, { variational: option.flag(false) })
  return {
    type: 'dropout',
    options: { rate: expectWithin(rate, 'the rate of dropout', 0, 0.999), ...(variational && { variational }) },
    build: (signal, context) => {
      expectSignal(signal, ['sequence', 'vector'], whereOf('dropout', context))
      return new Dropout(signal, rate, variational, context)
    },
  }
}
