import { formula } from '@recurra/formula'
import {
  defineLayer, features, passOf, requiresGradient, variable, type Blueprint, type Resized,
  type Sequence, type Vector,
} from '@recurra/layers/authoring'
import { asRows, columns, ConfigurationError, describeValue, expectNoMore, type Tensor } from '@recurra/tensor'

/** How `mergeDirections` merges the two directions. */
export type MergeMode = 'sum' | 'mean' | 'product'

const merges = {
  sum: formula({ element: ['a', 'b'] }, ({ a, b }) => ({ y: a.add(b) })),
  mean: formula({ element: ['a', 'b'] }, ({ a, b }) => ({ y: a.add(b).mul(0.5) })),
  product: formula({ element: ['a', 'b'] }, ({ a, b }) => ({ y: a.mul(b) })),
}
const shares = {
  sum: formula({ element: ['dy'] }, ({ dy }) => ({ 'd.a': dy, 'd.b': dy })),
  mean: formula({ element: ['dy'] }, ({ dy }) => ({ 'd.a': dy.mul(0.5), 'd.b': dy.mul(0.5) })),
}
const factors = formula({ element: ['a', 'b', 'dy'] }, ({ a, b, dy }) => ({ 'd.a': dy.mul(b), 'd.b': dy.mul(a) }))

/**
 * Merges the two halves of the features, as `bidirectional` concatenates them, into their sum, mean or product: [batch,
 * time, 2 · size] -> [batch, time, size]. So `bidirectional` and this layer are Keras' `Bidirectional` with another
 * `merge_mode`. It takes vectors, too, as they come from `last({ bidirectional: true })`.
 *
 * ```ts
 * import { bidirectional, dense, lstm, mergeDirections, sequential } from 'recurra'
 *
 * const both = bidirectional((options) => lstm(16, options))
 * console.log(sequential(4, [both, mergeDirections('sum'), dense(3)]).layers[1]?.out.size) // 16
 * ```
 * @throws `ConfigurationError` if the mode is unknown, or there is another argument; when built, if the number of
 * features is odd.
 */
export const mergeDirections = (
  mode: MergeMode, ...others: readonly never[]
): Blueprint<Sequence | Vector, Resized<number>, {}> => {
  expectNoMore(others, 'mergeDirections', 'the mode')
  if (!Object.hasOwn(merges, mode))
    throw new ConfigurationError({
      where: 'mergeDirections', expected: `one of ${Object.keys(merges).join(', ')}`, got: describeValue(mode),
      fix: 'To concatenate, leave the layer out: bidirectional does.',
    })
  return defineLayer({
    type: 'mergeDirections',
    options: { mode },
    accepts: ['sequence', 'vector'],
    build(input, { backend, where }) {
      const size = input.size / 2
      if (!Number.isInteger(size))
        throw new ConfigurationError({
          where, expected: 'an even number of features, those of two directions', got: String(input.size),
          fix: 'Put it behind bidirectional.',
        })
      return {
        out: { ...input, size },
        plan(x, { mode: run }) {
          const training = run === 'training'
          const y = variable(backend, [...x.value.shape.slice(0, -1), size], training)
          const halves = (of: Tensor): [Tensor, Tensor] => [columns(of, 0, size), columns(of, size, 2 * size)]
          const [a, b] = halves(features(x))
          const forward = [backend.formula(merges[mode], { a, b, y: asRows(y.value) })]
          if (!training || !requiresGradient(x)) return { y, pass: passOf(forward) }
          const [da, db] = halves(asRows(x.grad))
          const gradients = { dy: asRows(y.grad), 'd.a': da, 'd.b': db }
          const backward = mode === 'product'
            ? backend.formula(factors, { a, b, ...gradients })
            : backend.formula(shares[mode], gradients)
          return { y, pass: passOf(forward, [backward]) }
        },
      }
    },
  })
}
