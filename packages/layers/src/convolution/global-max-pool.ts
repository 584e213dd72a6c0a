import { asRows, expectNoMore, rows, type Tensor } from '@recurra/tensor'
import { defineLayer } from '../define-layer.ts'
import { copyPadded, features, zero } from '../kernels.ts'
import type { AsVector, Blueprint } from '../layer.ts'
import { inSequence, passOf } from '../pass.ts'
import { vector, type Sequence } from '../signal.ts'
import { requiresGradient, variable, viewOn } from '../variable.ts'
import { maxima } from './pooling.ts'

/**
 * The maximum of each feature over the real steps (Keras' GlobalMaxPooling1D): [batch, time, features] -> [batch,
 * features]. Of equal values the first receives the gradient. Where no step is real, as after `masking`, it is 0. It
 * needs the whole sequence, so it cannot be streamed.
 *
 * ```ts
 * import { globalMaxPool, predict, sequential } from 'recurra'
 *
 * const model = sequential(2, [globalMaxPool()])
 * console.log([...(await predict(model, [[[1, 4], [3, 2], [2, 0]]])).data]) // [3, 4]
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const globalMaxPool = (...others: readonly never[]): Blueprint<Sequence, AsVector, {}> => {
  expectNoMore(others, 'globalMaxPool')
  return defineLayer({
    type: 'globalMaxPool',
    accepts: ['sequence'],
    build: ({ size }, { backend }) => ({
      out: vector(size),
      causal: false,
      plan(x, given) {
        const { lengths, ...callShape } = given
        const y = variable(backend, [callShape.batch, size], callShape.mode === 'training')
        const real = lengths ? backend.zeros(x.value.shape) : (x.value as Tensor)
        const taps = Array.from({ length: callShape.steps }, (_, t) => {
          return viewOn({ value: real, grad: x.grad }, (of) => asRows(rows(of, t, t + 1)))
        })
        const of = requiresGradient(x) ? y : { value: y.value, grad: backend.zeros([0]) }
        const read = lengths ? [copyPadded(backend, features(x), asRows(real), given, -Infinity)] : []
        const clear = passOf([], [zero(backend, x.grad)])
        return {
          y, callShape,
          pass: inSequence(passOf(read), maxima(backend, taps, of, lengths !== undefined), clear),
        }
      },
    }),
  })
}
