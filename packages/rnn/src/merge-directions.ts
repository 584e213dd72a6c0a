import {
  defineLayer, mergePass, variable, viewOn, type Blueprint, type Merge, type Resized, type Sequence, type Variable,
  type Vector,
} from '@recurra/layers/authoring'
import { asRows, columns, ConfigurationError, describeValue, expectNoMore } from '@recurra/tensor'

/** How `mergeDirections` merges the two directions. */
export type MergeMode = Extract<Merge, 'sum' | 'mean' | 'product'>

const modes: readonly string[] = ['sum', 'mean', 'product'] satisfies MergeMode[]

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
  if (!modes.includes(mode))
    throw new ConfigurationError({
      where: 'mergeDirections', expected: `one of ${modes.join(', ')}`, got: describeValue(mode),
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
          const y = variable(backend, [...x.value.shape.slice(0, -1), size], run === 'training')
          const half = (from: number): Variable => viewOn(x, (of) => columns(asRows(of), from, from + size))
          return { y, pass: mergePass(backend, mode, [half(0), half(size)], y) }
        },
      }
    },
  })
}
