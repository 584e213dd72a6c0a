import type { Backend, Kernel } from '@recurra/backend'
import {
  asRows, columns, expectCount, expectNoMore, rows, ShapeError, type Tensor,
} from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { expectOneLength } from './expect-plan.ts'
import { copy } from './kernels.ts'
import type { Blueprint } from './layer.ts'
import { passOf } from './pass.ts'
import { sequence, vector, type Sequence, type Vector } from './signal.ts'
import { requiresGradient, variable } from './variable.ts'

/**
 * Concatenates the features of all steps (Keras' and PyTorch's Flatten): [batch, steps, features] -> [batch, steps ·
 * features]. The number of steps is fixed, since the layers after it have weights for each of them. It needs the whole
 * sequence, so it cannot be streamed.
 *
 * ```ts
 * import { dense, flatten, lstm, sequential } from 'recurra'
 *
 * const model = sequential(3, [lstm(8), flatten(10), dense(2)]) // for sequences of 10 steps
 * console.log(model.layers[1]?.out) // { kind: 'vector', size: 80 }
 * ```
 * @throws `ConfigurationError` if `steps` is not a positive integer, or there is another argument; when planned, if
 * sequences have lengths.
 * @throws `ShapeError` when planned for another number of steps.
 */
export const flatten = (steps: number, ...others: readonly never[]): Blueprint<Sequence, Vector, {}> => {
  expectNoMore(others, 'flatten', 'the number of steps')
  return defineLayer({
    type: 'flatten',
    title: `flatten(${steps})`,
    options: { steps: expectCount(steps, 'the number of steps in flatten') },
    accepts: ['sequence'],
    build: ({ size }, { backend, where }) => ({
      out: vector(steps * size),
      causal: false,
      plan(x, callShape) {
        const { steps: given, batch, mode } = callShape
        const instead = 'Use last(), meanPool() or globalMaxPool(), which know where a sequence ends.'
        expectOneLength(callShape, where, instead)
        if (given !== steps)
          throw new ShapeError({
            where, expected: `sequences of ${steps} steps`, got: String(given),
            fix: 'Pass as many steps, or use last(), meanPool() or globalMaxPool(), which take any number.',
          })
        const y = variable(backend, [batch, steps * size], mode === 'training')
        const forward = copies(backend, steps, x.value as Tensor, y.value)
        const backward = requiresGradient(x) ? copies(backend, steps, x.grad, y.grad, true) : []
        return { y, callShape: { steps, batch, mode }, pass: passOf(forward, backward) }
      },
    }),
  })
}

/**
 * Splits a vector into the features of several steps, the opposite of `flatten` (Keras' Reshape, PyTorch's Unflatten):
 * [batch, steps · features] -> [batch, steps, features].
 *
 * ```ts
 * import { dense, lstm, sequential, unflatten, vector } from 'recurra'
 *
 * const model = sequential(vector(4), [dense(30), unflatten(10), lstm(8)])
 * console.log(model.layers[1]?.out) // { kind: 'sequence', size: 3 }
 * ```
 * @throws `ConfigurationError` if `steps` is not a positive integer, or there is another argument.
 * @throws `ShapeError` when built, if the features are not a multiple of the steps.
 */
export const unflatten = (steps: number, ...others: readonly never[]): Blueprint<Vector, Sequence, {}> => {
  expectNoMore(others, 'unflatten', 'the number of steps')
  return defineLayer({
    type: 'unflatten',
    title: `unflatten(${steps})`,
    options: { steps: expectCount(steps, 'the number of steps in unflatten') },
    accepts: ['vector'],
    build({ size }, { backend, where }) {
      if (size % steps !== 0)
        throw new ShapeError({
          where, expected: `a multiple of ${steps} features`, got: String(size),
          fix: `Put dense(${steps} * n) before it.`,
        })
      return {
        out: sequence(size / steps),
        causal: false,
        plan(x, { batch, mode }) {
          const y = variable(backend, [steps, batch, size / steps], mode === 'training')
          const forward = copies(backend, steps, y.value, x.value as Tensor, true)
          const backward = requiresGradient(x) ? copies(backend, steps, y.grad, x.grad) : []
          return { y, callShape: { steps, batch, mode }, pass: passOf(forward, backward) }
        },
      }
    },
  })
}

/** Copies each step of a sequence to its columns of a vector, or back. */
const copies = (backend: Backend, steps: number, sequence: Tensor, vector: Tensor, back = false): Kernel[] =>
  Array.from({ length: steps }, (_, t) => {
    const [size] = sequence.shape.slice(-1) as [number]
    const [step, place] = [asRows(rows(sequence, t, t + 1)), columns(asRows(vector), t * size, (t + 1) * size)]
    return back ? copy(backend, place, step) : copy(backend, step, place)
  })
