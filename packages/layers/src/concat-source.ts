import { asRows, columns, expectNoMore } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { copied } from './derived-formula.ts'
import { expectSource } from './expect-source.ts'
import { features } from './kernels.ts'
import type { Blueprint } from './layer.ts'
import { expectSignal, sequence, type Sequence } from './signal.ts'
import { Tape } from './tape.ts'
import { requiresGradient, viewOn, type Variable } from './variable.ts'

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
          const tape = new Tape(backend, mode)
          const { y, written } = tape.output([steps, batch, out.size], callShape)
          const part = (from: number, to: number): Variable => viewOn(written, (of) => columns(of, from, to))
          const [own, joined] = [part(0, size), part(size, out.size)]
          const indices = backend.indices([steps * batch], batch)
          backend.write(indices, Array.from({ length: steps * batch }, (_, row) => row % batch))
          tape.record({
            forward: [backend.gather({ out: joined.value, table: features(source), indices })],
            backward: () => requiresGradient(source)
              ? [backend.scatterAdd({ table: asRows(source.grad), rows: joined.grad, indices })] : [],
          })
          tape.formula(copied, { y: own }, { x: viewOn(x, asRows) })
          return { y, pass: tape.pass() }
        },
      }
    },
  })
}
