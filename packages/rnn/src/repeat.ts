import {
  defineLayer, features, passOf, requiresGradient, sequence, variable, zero, type AsSequence, type Blueprint,
  type Vector,
} from '@recurra/layers/authoring'
import { asRows, expectCount, expectNoMore } from '@recurra/tensor'

/**
 * Repeats a vector at every step (Keras' RepeatVector): [batch, features] -> [batch, steps, features].
 *
 * ```ts
 * import { lstm, repeat, sequential, vector } from 'recurra'
 *
 * console.log(sequential(vector(4), [repeat(10), lstm(16)]).out) // { kind: 'sequence', size: 16 }
 * ```
 * @throws `ConfigurationError` if `steps` is not a positive integer, or there is another argument.
 */
export const repeat = (steps: number, ...others: readonly never[]): Blueprint<Vector, AsSequence, {}> => {
  expectNoMore(others, 'repeat', 'the number of steps')
  return defineLayer({
    type: 'repeat',
    title: `repeat(${steps})`,
    options: { steps: expectCount(steps, 'the number of steps in repeat') },
    accepts: ['vector'],
    build: ({ size }, { backend }) => ({
      out: sequence(size),
      causal: false,
      plan(x, { batch, mode }) {
        const y = variable(backend, [steps, batch, size], mode === 'training')
        const indices = backend.indices([steps * batch], batch)
        backend.write(indices, Array.from({ length: steps * batch }, (_, row) => row % batch))
        const forward = [backend.gather({ out: asRows(y.value), table: features(x), indices })]
        const backward = requiresGradient(x)
          ? [zero(backend, x.grad), backend.scatterAdd({ table: x.grad, rows: asRows(y.grad), indices })]
          : []
        return { y, callShape: { steps, batch, mode }, pass: passOf(forward, backward) }
      },
    }),
  })
}
