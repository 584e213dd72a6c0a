import { asRows, columns, expectNoMore, type Tensor } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { expectSource } from './expect-source.ts'
import { copy, features, gradientRows } from './kernels.ts'
import type { Blueprint } from './layer.ts'
import { passOf } from './pass.ts'
import { expectSignal, sequence, type Sequence } from './signal.ts'
import { variable, requiresGradient } from './variable.ts'

/**
 * Concatenates the source to the input at every step (Cho et al. 2014): [batch, time, features] -> [batch, time,
 * features + source features]. For the decoder of an `encoderDecoder` whose encoder gives one vector (an image,
 * `last()`), [batch, source features].
 *
 * ```ts
 * import { dense, embedding, encoderDecoder, concatSource, lstm, tokens, vector } from 'recurra'
 *
 * const caption = encoderDecoder({
 *   source: vector(784),
 *   encoder: [dense(64)],
 *   target: tokens(20),
 *   decoder: [embedding(16), concatSource(), lstm(32), dense(20)],
 * })
 * console.log(caption.decoder.layers[1]?.out.size) // 80
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const concatSource = (...others: readonly never[]): Blueprint<Sequence, Sequence, {}> => {
  expectNoMore(others, 'concatSource')
  return defineLayer({
    type: 'concatSource',
    accepts: ['sequence'],
    build({ size }, { backend, where, source: given }) {
      const known = expectSource(given, where)
      expectSignal(known, ['vector'], `${where}, its source`)
      const out = sequence(size + known.size)
      return {
        out,
        plan(x, callShape) {
          const { steps, batch, mode } = callShape
          const source = expectSource(callShape.source, 'concatSource').y
          const y = variable(backend, [steps, batch, out.size], mode === 'training')
          const own = (rows: Tensor): Tensor => columns(rows, 0, size)
          const joined = (rows: Tensor): Tensor => columns(rows, size, out.size)
          const indices = backend.indices([steps * batch], batch)
          backend.write(indices, Array.from({ length: steps * batch }, (_, row) => row % batch))
          const forward = [
            copy(backend, features(x), own(asRows(y.value))),
            backend.gather({ out: joined(asRows(y.value)), table: features(source), indices }),
          ]
          if (mode === 'inference') return { y, pass: passOf(forward) }
          const { x: dy, clean } = gradientRows(backend, y, callShape)
          const backward = [...clean]
          if (requiresGradient(x)) backward.push(copy(backend, own(dy), asRows(x.grad)))
          if (requiresGradient(source))
            backward.push(backend.scatterAdd({ table: asRows(source.grad), rows: joined(dy), indices }))
          return { y, pass: passOf(forward, backward) }
        },
      }
    },
  })
}
