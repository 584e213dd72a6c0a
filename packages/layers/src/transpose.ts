import { expectCount, expectNoMore, reshape, ShapeError, sizeOf, type Tensor } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { expectOneLength } from './expect-plan.ts'
import { features } from './kernels.ts'
import type { Blueprint } from './layer.ts'
import { passOf } from './pass.ts'
import { sequence, type Sequence } from './signal.ts'
import { requiresGradient, variable } from './variable.ts'

/**
 * Swaps steps and features, as Keras' Permute((2, 1)) and PyTorch's transpose(1, 2): [batch, steps, features] ->
 * [batch, features, steps]. The number of steps is fixed, since they are the features of the layers behind it: `dense`
 * then mixes steps, and `softmax` makes weights of them. It needs the whole sequence, so it cannot be streamed.
 *
 * ```ts
 * import { branches, dense, lstm, sequential, softmax, transpose } from 'recurra'
 *
 * // a weight for each step of each feature, by what is in all steps
 * const weights = [transpose(10), dense(10), softmax(), transpose(3)] as const // for sequences of 10 steps
 * const model = sequential(3, [branches([[], weights], { merge: 'product' }), lstm(8)])
 * console.log(model.out) // { kind: 'sequence', size: 8 }
 * ```
 * @throws `ConfigurationError` if `steps` is not a positive integer, or there is another argument; when planned, if
 * sequences have lengths.
 * @throws `ShapeError` when planned for another number of steps.
 */
export const transpose = <const N extends number>(
  steps: N, ...others: readonly never[]
): Blueprint<Sequence, Sequence<N>, {}> => {
  expectNoMore(others, 'transpose', 'the number of steps')
  return defineLayer({
    type: 'transpose',
    title: `transpose(${steps})`,
    options: { steps: expectCount(steps, 'the number of steps in transpose') },
    accepts: ['sequence'],
    build: ({ size }, { backend, where }) => ({
      out: sequence(steps),
      causal: false,
      plan(x, callShape) {
        const { steps: given, batch, mode } = callShape
        expectOneLength(callShape, where, 'Use multiHeadAttention, which knows where a sequence ends.')
        if (given !== steps)
          throw new ShapeError({
            where, expected: `sequences of ${steps} steps`, got: String(given),
            fix: 'Pass as many steps, or use multiHeadAttention, which takes any number.',
          })
        const y = variable(backend, [size, batch, steps], mode === 'training')
        /** Copies [first, batch, last] to [last, batch, first], value by value. */
        const swapped = (from: Tensor, to: Tensor, first: number, last: number) => {
          const count = first * batch * last
          const indices = backend.indices([count], count)
          backend.write(indices, Array.from({ length: count }, (_, i) => {
            const [t, b, f] = [i % first, Math.floor(i / first) % batch, Math.floor(i / first / batch)]
            return (t * batch + b) * last + f
          }))
          const one = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape), 1])
          return backend.gather({ out: one(to), table: one(from), indices })
        }
        const forward = [swapped(features(x), y.value, steps, size)]
        const backward = requiresGradient(x) ? [swapped(y.grad, x.grad, size, steps)] : []
        return { y, callShape: { steps: size, batch, mode }, pass: passOf(forward, backward) }
      },
    }),
  })
}
