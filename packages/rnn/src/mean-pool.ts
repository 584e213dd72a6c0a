import { formula, select } from '@recurra/formula'
import {
  defineLayer, features, passOf, rowMask, variable, vector, requiresGradient, zero, type AsVector, type Blueprint,
  type Sequence,
} from '@recurra/layers/authoring'
import { asRows, expectNoMore, reshape } from '@recurra/tensor'

const masked = formula({ element: ['x'], row: ['mask'] }, ({ x, mask }) => ({ y: select(mask, x, 0) }))
const divided = formula({ element: ['x'], row: ['count'] }, ({ x, count }) => ({
  y: select(count, x.div(count), 0), // a mean over nothing is 0
}))

/**
 * The mean over the real steps (Keras' GlobalAveragePooling1D): [batch, time, features] -> [batch, features]. Every
 * step has the same weight, which suits the classification of texts. Where no step is real, as after `masking`, it is
 * 0. It needs the whole sequence, so it cannot be streamed.
 *
 * ```ts
 * import { bidirectional, dense, gru, meanPool, sequential } from 'recurra'
 *
 * const model = sequential(4, [bidirectional((options) => gru(16, options)), meanPool(), dense(3)])
 * console.log(model.layers[1]?.out) // { kind: 'vector', size: 32 }
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const meanPool = (...others: readonly never[]): Blueprint<Sequence, AsVector, {}> => {
  expectNoMore(others, 'meanPool')
  return defineLayer({
    type: 'meanPool',
    accepts: ['sequence'],
    build: ({ size }, { backend }) => ({
      out: vector(size),
      causal: false,
      plan(x, given) {
        const { lengths: _, ...callShape } = given
        const { steps, batch, mode } = callShape
        const all = steps * batch
        const y = variable(backend, [batch, size], mode === 'training')
        const [kept, sum, table] = [backend.zeros([all, size]), backend.zeros([batch, size]), backend.zeros([batch, 1])]
        const [mask, count] = [rowMask(given) ?? backend.zeros([all]), reshape(table, [batch])]
        if (!given.lengths) backend.write(mask, new Float64Array(all).fill(1))
        const indices = backend.indices([all], batch) // of the sequence to which each row belongs
        backend.write(indices, Array.from({ length: all }, (_, row) => row % batch))
        const forward = [
          zero(backend, sum),
          zero(backend, table),
          backend.formula(masked, { x: features(x), mask, y: kept }),
          backend.scatterAdd({ table: sum, rows: kept, indices }),
          backend.scatterAdd({ table, rows: reshape(mask, [all, 1]), indices }),
          backend.formula(divided, { x: sum, count, y: y.value }),
        ]
        if (!requiresGradient(x)) return { y, callShape, pass: passOf(forward) }
        const [share, dx] = [backend.zeros([batch, size]), asRows(x.grad)]
        const backward = [
          backend.formula(divided, { x: y.grad, count, y: share }),
          backend.gather({ out: dx, table: share, indices }),
          backend.formula(masked, { x: dx, mask, y: dx }),
        ]
        return { y, callShape, pass: passOf(forward, backward) }
      },
    }),
  })
}
