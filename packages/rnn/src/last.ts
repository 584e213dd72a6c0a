import type { Backend, Kernel } from '@recurra/backend'
import {
  defineLayer, features, inSequence, passOf, variable, vector, requiresGradient, zero, type AsVector, type Blueprint,
  type Sequence,
} from '@recurra/layers/authoring'
import {
  asRows, columns, ConfigurationError, option, options as checked, type Indices, type Tensor,
} from '@recurra/tensor'

/** Options of `last`. */
export interface LastOptions {
  /**
   * For the output of `bidirectional`: takes the first half of the features, which was read forward, at the last real
   * step, and the second half, which was read backward, at the first step. Both have then read the whole sequence.
   * Default: false.
   */
  readonly bidirectional?: boolean
  /**
   * Takes the first step instead, where a layer with `{ reverse: true }` has read the whole sequence, as Keras'
   * `go_backwards` with `return_sequences=False` does. Default: false.
   */
  readonly reverse?: boolean
}

/**
 * Selects the last real step: [batch, time, features] -> [batch, features]. After `bidirectional`, the backward half
 * has read only one step there; `last({ bidirectional: true })` takes that half at the first step, where it has read
 * the whole sequence, as Keras' `Bidirectional` with `return_sequences=False` and PyTorch's `h_n` do.
 *
 * ```ts
 * import { bidirectional, dense, last, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16), last(), dense(1)]) // one answer for a sequence
 * console.log(model.out) // { kind: 'vector', size: 1 }
 *
 * const both = sequential(4, [bidirectional((options) => lstm(16, options)), last({ bidirectional: true }), dense(1)])
 * console.log(both.layers[1]?.out) // { kind: 'vector', size: 32 }
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or both are given; when built, if the number of
 * features is odd and there are two directions.
 */
export const last = (options: LastOptions = {}): Blueprint<Sequence, AsVector, {}> => {
  const { bidirectional, reverse } = checked('last', options, {
    bidirectional: option.flag(false), reverse: option.flag(false),
  })
  if (bidirectional && reverse)
    throw new ConfigurationError({
      where: 'last', expected: 'bidirectional or reverse', got: 'both',
      fix: 'After bidirectional, { bidirectional: true } takes the end of each direction.',
    })
  return defineLayer({
    type: 'last',
    ...((bidirectional || reverse) && { options: bidirectional ? { bidirectional } : { reverse } }),
    accepts: ['sequence'],
    build({ size }, { backend, where }) {
      if (bidirectional && size % 2 !== 0)
        throw new ConfigurationError({
          where,
          expected: 'features of two directions, for { bidirectional: true }',
          got: `${size} features`,
          fix: 'Put it behind bidirectional, or leave the option out.',
        })
      return {
        out: vector(size),
        segmentable: !bidirectional && !reverse,
        causal: !reverse,
        plan(x, { lengths, ...callShape }) {
          const { steps, batch, mode } = callShape
          const y = variable(backend, [batch, size], mode === 'training')
          const ends = reverse ? rowsOf(backend, batch, 0) : (lengths?.lastRows ?? rowsOf(backend, batch, steps - 1))
          const half = size / 2
          const parts = bidirectional
            ? [{ from: 0, to: half, indices: ends }, { from: half, to: size, indices: rowsOf(backend, batch, 0) }]
            : [{ from: 0, to: size, indices: ends }]
          const moves = parts.map(({ from, to, indices }) => {
            const part = (of: Tensor): Tensor => (parts.length === 1 ? of : columns(of, from, to))
            const back = (): Kernel =>
              backend.scatterAdd({ table: part(asRows(x.grad)), rows: part(y.grad), indices })
            return passOf(
              [backend.gather({ out: part(y.value), table: part(features(x)), indices })],
              requiresGradient(x) ? [back()] : [],
            )
          })
          const clear = passOf([], [zero(backend, x.grad)])
          return { y, callShape, pass: inSequence(...moves, clear) }
        },
      }
    },
  })
}

/** The rows of all sequences at one step. */
const rowsOf = (backend: Backend, batch: number, step: number): Indices => {
  const indices = backend.indices([batch], (step + 1) * batch)
  backend.write(indices, Array.from({ length: batch }, (_, b) => step * batch + b))
  return indices
}
