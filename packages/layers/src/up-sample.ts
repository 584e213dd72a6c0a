import { asRows, expectCount, expectNoMore } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { features, gradientRows, zero } from './kernels.ts'
import type { Blueprint, Same } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence } from './signal.ts'
import { strided } from './stride.ts'
import { requiresGradient, variable } from './variable.ts'

/**
 * Repeats every step `factor` times, as Keras' UpSampling1D and PyTorch's Upsample: [batch, time, features] -> [batch,
 * time · factor, features]. A step of a stream (`stream.push`) gives `factor` steps.
 *
 * ```ts
 * import { predict, sequential, upSample } from 'recurra'
 *
 * const model = sequential(1, [upSample(2)])
 * console.log([...(await predict(model, [[[1], [2], [3]]])).data]) // [1, 1, 2, 2, 3, 3]
 * console.log(model.stream().push([5])?.shape) // [1, 2, 1]
 * ```
 * @throws `ConfigurationError` if `factor` is not a positive integer, or there is another argument.
 */
export const upSample = (factor: number, ...others: readonly never[]): Blueprint<Sequence, Same, {}> => {
  expectNoMore(others, 'upSample', 'a factor')
  const stride = { every: 1, outputs: expectCount(factor, 'the factor of upSample') }
  return defineLayer({
    type: 'upSample',
    options: { factor },
    accepts: ['sequence'],
    build: (signal, { backend }) => ({
      out: signal,
      ...(factor > 1 && { stride }),
      plan(x, callShape) {
        const { steps, batch, mode } = callShape
        const shape = strided(callShape, stride)
        const count = shape.steps * batch
        const y = variable(backend, [shape.steps, batch, signal.size], mode === 'training')
        const indices = backend.indices([count], steps * batch)
        backend.write(indices, Array.from({ length: count }, (_, row) =>
          Math.floor(row / batch / factor) * batch + (row % batch)))
        const forward = [backend.gather({ out: asRows(y.value), table: features(x), indices })]
        if (!requiresGradient(x)) return { y, callShape: shape, pass: passOf(forward) }
        const { x: dy, clean } = gradientRows(backend, y, shape)
        const sum = backend.scatterAdd({ table: asRows(x.grad), rows: dy, indices })
        return { y, callShape: shape, pass: passOf(forward, [...clean, zero(backend, x.grad), sum]) }
      },
    }),
  })
}
