import type { Kernel } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import { asRows, expectWithin, option, options, type Tensor } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { copy, features } from './kernels.ts'
import type { Blueprint, Same } from './layer.ts'
import { inSequence, overSteps, passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { bernoulli } from './bernoulli.ts'
import { variable, requiresGradient } from './variable.ts'

/** Options of `dropout`. */
export interface DropoutOptions {
  /**
   * Drops the same features at every step of a sequence (variational dropout, Gal and Ghahramani 2016). Default: false.
   */
  readonly variational?: boolean
}

/** If a unit is dropped, its input has no effect, even if it is NaN. */
const keepSome = formula({ element: ['x', 'scale'] }, ({ x, scale }) => ({ y: select(scale, x.mul(scale), 0) }))

/**
 * In training, sets each element to 0 with probability `rate` and scales the others by 1 / (1 - rate); does nothing at
 * inference (Srivastava et al. 2014). The output has the shape of the input.
 *
 * ```ts
 * import { dense, dropout, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [dropout(0.2, { variational: true }), lstm(32), dropout(0.5), dense(2)])
 * console.log(model.stream().step([1, 2, 3, 4]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the rate lies outside [0, 0.999], or an option is unknown or invalid.
 */
export const dropout = (rate: number, given?: DropoutOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const { variational } = options('dropout', given, { variational: option.flag(false) })
  return defineLayer({
    type: 'dropout',
    options: { rate: expectWithin(rate, 'the rate of dropout', 0, 0.999), ...(variational && { variational }) },
    accepts: ['sequence', 'vector'],
    build: (input, { backend, random }) => ({
      out: input,
      random,
      plan(x, callShape) {
        const { mode } = callShape
        const y = variable(backend, x.value.shape, mode === 'training')
        if (mode === 'inference') return { y, pass: passOf([copy(backend, features(x), y.value)]) }
        // Variational dropout draws once per sequence and uses the draw at every step; otherwise all elements are drawn
        // at once.
        const steps = variational && x.value.shape.length === 3 ? x.value.shape[0]! : 1
        const scale = backend.zeros(x.value.shape.slice(steps > 1 ? 1 : 0))
        const lay = (all: Tensor): Tensor => (steps > 1 ? all : asRows(all))
        const keep = (from: Tensor, to: Tensor): Kernel =>
          backend.formula(keepSome, { x: lay(from), scale: asRows(scale), y: lay(to) })
        const kept = passOf([keep(x.value as Tensor, y.value)], requiresGradient(x) ? [keep(y.grad, x.grad)] : [])
        return {
          y,
          pass: inSequence(
            passOf([bernoulli(backend, random, scale, rate, [0, 1 / (1 - rate)], callShape)]), overSteps(steps, kept),
          ),
        }
      },
    }),
  })
}
