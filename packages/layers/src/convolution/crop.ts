import { asRows, option, options, rows, ShapeError, type Tensor } from '@recurra/tensor'
import { defineLayer } from '../define-layer.ts'
import { expectOneLength } from '../expect-plan.ts'
import { copy, zero } from '../kernels.ts'
import type { Blueprint, Same } from '../layer.ts'
import { passOf } from '../pass.ts'
import type { Sequence } from '../signal.ts'
import { requiresGradient, variable } from '../variable.ts'

/** Options of `crop`. */
export interface CropOptions {
  /** The number of steps to remove at the beginning. Default: 0. */
  readonly before?: number
  /** The number of steps to remove at the end. Default: 0. */
  readonly after?: number
}

/**
 * Removes steps at the beginning and at the end of a sequence (Keras' Cropping1D): [batch, time, features] -> [batch,
 * time - before - after, features]. It is the opposite of `pad`, and like it needs the whole sequence, so it cannot be
 * streamed.
 *
 * ```ts
 * import { crop, predict, sequential } from 'recurra'
 *
 * const model = sequential(1, [crop({ before: 1 })])
 * console.log([...(await predict(model, [[[1], [2], [3]]])).data]) // [2, 3]
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid; when planned, if sequences have lengths, since the
 * end would then be at a different step of each.
 * @throws `ShapeError` when planned, if no step is left.
 */
export const crop = (given: CropOptions = {}): Blueprint<Sequence, Same, {}> => {
  const { before, after } = options('crop', given, { before: option.integer(0)(0), after: option.integer(0)(0) })
  return defineLayer({
    type: 'crop',
    options: { ...given },
    accepts: ['sequence'],
    build: (signal, { backend, where }) => ({
      out: signal,
      causal: false,
      plan(x, callShape) {
        const { steps, batch, mode } = callShape
        expectOneLength(callShape, where, 'Group sequences by their length, or remove the steps from the data.')
        const left = steps - before - after
        if (left < 1)
          throw new ShapeError({
            where, expected: `more than ${before + after} steps`, got: String(steps),
            fix: 'Pass longer sequences, or remove fewer steps.',
          })
        const y = variable(backend, [left, batch, signal.size], mode === 'training')
        const kept = (of: Tensor): Tensor => asRows(rows(of, before, before + left))
        const forward = [copy(backend, kept(x.value as Tensor), asRows(y.value))]
        const backward = requiresGradient(x)
          ? [zero(backend, x.grad), copy(backend, asRows(y.grad), kept(x.grad))] : []
        return { y, callShape: { ...callShape, steps: left }, pass: passOf(forward, backward) }
      },
    }),
  })
}
