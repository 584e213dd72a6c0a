import { column, equal, formula } from '@recurra/formula'
import { asRows, expectNoMore } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { symbolsOf } from './embedding.ts'
import type { AsSequence, Blueprint } from './layer.ts'
import { passOf } from './pass.ts'
import { sequence, type Tokens } from './signal.ts'
import { variable } from './variable.ts'

const oneHotRow = formula({ row: ['token'] }, ({ token }) => ({ y: equal(column, token) }))

/**
 * One-hot encoding: tokens [batch, time] of k symbols -> [batch, time, k], 1 at the symbol and 0 elsewhere. If the next
 * layer multiplies by a weight, as `dense` and `lstm` do, it selects rows of the weight instead: the same result at
 * almost no cost.
 *
 * ```ts
 * import { oneHot, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(4), [oneHot()])
 * console.log(model.backend.read(model.stream().step(2))) // [0, 0, 1, 0]
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const oneHot = (...others: readonly never[]): Blueprint<Tokens, AsSequence, {}> => {
  expectNoMore(others, 'oneHot')
  return defineLayer({
    type: 'oneHot',
    accepts: ['tokens'],
    build: ({ size }, { backend }) => ({
      out: sequence(size),
      plan(x) {
        const symbols = symbolsOf(x)
        const y = variable(backend, [...x.value.shape, size], false) // a symbol has no gradient
        const forward = backend.formula(oneHotRow, { token: symbols, y: asRows(y.value) })
        return { y: { ...y, symbols }, pass: passOf([forward]) }
      },
    }),
  })
}
