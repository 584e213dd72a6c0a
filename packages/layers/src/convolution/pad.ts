import { asRows, option, options, rows, ShapeError, type Indices } from '@recurra/tensor'
import type { Backend } from '@recurra/backend'
import { defineLayer } from '../define-layer.ts'
import { expectOneLength } from '../expect-plan.ts'
import type { CallShape } from '../frame.ts'
import { copy, features, zero } from '../kernels.ts'
import type { Blueprint, Same } from '../layer.ts'
import { passOf } from '../pass.ts'
import type { Sequence } from '../signal.ts'
import { requiresGradient, variable } from '../variable.ts'

/** Options of `pad`. */
export interface PadOptions {
  /** The steps before the first one. Default: 0. */
  readonly before?: number
  /** The steps after the last one. Default: 0. */
  readonly after?: number
  /**
   * Their values: `'zero'` (Keras' ZeroPadding1D), `'reflect'`, the sequence mirrored at its end (PyTorch's
   * ReflectionPad1d), or `'edge'`, its end again and again (ReplicationPad1d). Default: 'zero'.
   */
  readonly mode?: 'zero' | 'reflect' | 'edge'
}

/**
 * Adds steps before and after a sequence: [batch, time, features] -> [batch, before + time + after, features]. It needs
 * the whole sequence, so it cannot be streamed; a convolution with `padding: 'causal'` can.
 *
 * ```ts
 * import { pad, predict, sequential } from 'recurra'
 *
 * const model = sequential(1, [pad({ before: 1, after: 2, mode: 'reflect' })])
 * console.log([...(await predict(model, [[[1], [2], [3]]])).data]) // [2, 1, 2, 3, 2, 1]
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid; when planned, if sequences have lengths, since the
 * padding would then belong at a different step of each.
 * @throws `ShapeError` when planned, if a sequence is too short to be mirrored.
 */
export const pad = (given: PadOptions = {}): Blueprint<Sequence, Same, {}> => {
  const { before, after, mode } = options('pad', given, {
    before: option.integer(0)(0), after: option.integer(0)(0), mode: option.oneOf('zero', 'reflect', 'edge')('zero'),
  })
  return defineLayer({
    type: 'pad',
    options: { ...given },
    accepts: ['sequence'],
    build: (signal, { backend, where }) => ({
      out: signal,
      causal: false,
      plan(x, callShape) {
        const { steps, batch } = callShape
        expectOneLength(callShape, where, 'Group sequences by their length, or use a convolution with padding.')
        if (mode === 'reflect' && Math.max(before, after) >= steps)
          throw new ShapeError({
            where, expected: `more than ${Math.max(before, after)} steps to mirror`, got: String(steps),
            fix: 'Pass longer sequences, or pad less.',
          })
        const all = before + steps + after
        const y = variable(backend, [all, batch, signal.size], callShape.mode === 'training')
        const shape: CallShape = { ...callShape, steps: all }
        if (mode === 'zero') {
          const own = (of: typeof y.value): typeof y.value => asRows(rows(of, before, before + steps))
          const back = requiresGradient(x) ? [copy(backend, own(y.grad), asRows(x.grad))] : []
          return { y, callShape: shape, pass: passOf([copy(backend, features(x), own(y.value))], back) }
        }
        const indices = sourcesOf(backend, { before, steps, after, batch }, mode)
        const back = requiresGradient(x)
          ? [zero(backend, x.grad), backend.scatterAdd({ table: asRows(x.grad), rows: asRows(y.grad), indices })] : []
        const forward = [backend.gather({ out: asRows(y.value), table: features(x), indices })]
        return { y, callShape: shape, pass: passOf(forward, back) }
      },
    }),
  })
}

interface Steps { readonly before: number; readonly steps: number; readonly after: number; readonly batch: number }

/** The row of the input that each row of the output repeats. */
const sourcesOf = (backend: Backend, { before, steps, after, batch }: Steps, mode: 'reflect' | 'edge'): Indices => {
  const last = steps - 1
  const stepAt = (t: number): number => {
    if (mode === 'edge') return Math.min(last, Math.max(0, t))
    return t < 0 ? -t : t > last ? 2 * last - t : t
  }
  const count = (before + steps + after) * batch
  const indices = backend.indices([count], steps * batch)
  backend.write(indices, Array.from({ length: count }, (_, row) =>
    stepAt(Math.floor(row / batch) - before) * batch + (row % batch)))
  return indices
}
