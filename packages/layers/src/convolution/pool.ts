import type { Backend } from '@recurra/backend'
import { asRows, ConfigurationError, option, options } from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from '../define-layer.ts'
import type { CallShape } from '../frame.ts'
import { gradientRows } from '../kernels.ts'
import type { Blueprint, Layer, Same } from '../layer.ts'
import { inSequence, passOf, type Pass } from '../pass.ts'
import type { Sequence } from '../signal.ts'
import { variable, type Slots, type Variable } from '../variable.ts'
import { isCausal, paddingOption, strideOfWindows, windowed, type Windows } from './padding.ts'
import { maxima, means, sharesOf } from './pooling.ts'
import { tapsOf } from './taps.ts'

/** Options of `maxPool`. */
export interface PoolOptions {
  /** The number of steps that an output is taken from (Keras' pool_size, PyTorch's kernel_size). */
  readonly kernel: number
  /** The number of steps from one output to the next. Default: `kernel`. */
  readonly stride?: number
  /**
   * What stands around the sequence: see `Padding`. It never counts as a maximum. A number is at most half the kernel.
   * Default: 'valid', as in Keras and PyTorch.
   */
  readonly padding?: 'valid' | 'same' | number
}

/** Options of `averagePool`. */
export interface AveragePoolOptions extends PoolOptions {
  /**
   * Whether the padding around the sequence counts as steps of 0, as by default in PyTorch (count_include_pad).
   * Default: false, as in Keras.
   */
  readonly countIncludePad?: boolean
}

/** A layer that `maxPool` or `averagePool` makes. */
export interface Pool extends Layer {
  /** The windows that it takes outputs from. */
  readonly windows: Windows
}

const poolOptions = {
  kernel: option.required(option.count()), stride: option.count(), padding: paddingOption('valid', 'same'),
}

/**
 * The maximum of each feature over `kernel` steps, as Keras' MaxPooling1D and PyTorch's MaxPool1d: [batch, time,
 * features] -> [batch, steps, features]. Padded and masked steps are left out; where a window has no other steps, the
 * output is 0, as that of `averagePool` is. Of equal values the first receives the gradient. Without padding it streams
 * (`stream.push`): its last inputs are its state.
 *
 * ```ts
 * import { maxPool, predict, sequential } from 'recurra'
 *
 * const model = sequential(1, [maxPool({ kernel: 2 })])
 * console.log([...(await predict(model, [[[1], [3], [2], [0]]])).data]) // [3, 2]
 * ```
 * @throws `ConfigurationError` if an option is missing, unknown or invalid; when planned, if padding is `'same'` with a
 * stride and sequences have lengths.
 * @throws `ShapeError` when planned, if there are too few steps for one output.
 */
export const maxPool = (given: PoolOptions): Blueprint<Sequence, Same, Slots> => {
  const { kernel, stride = kernel, padding } = options('maxPool', given, poolOptions)
  return pool('maxPool', { kernel, stride, padding, dilation: 1 }, { ...given }, -Infinity, (backend, pooled) =>
    maxima(backend, pooled.taps, pooled.y, pooled.callShape.lengths !== undefined))
}

/**
 * The mean of each feature over `kernel` steps, as Keras' AveragePooling1D and PyTorch's AvgPool1d: [batch, time,
 * features] -> [batch, steps, features]. Padded and masked steps are left out. Without padding it streams
 * (`stream.push`): its last inputs are its state.
 *
 * ```ts
 * import { averagePool, predict, sequential } from 'recurra'
 *
 * const model = sequential(1, [averagePool({ kernel: 2 })])
 * console.log([...(await predict(model, [[[1], [3], [2], [0]]])).data]) // [2, 1]
 * ```
 * @throws `ConfigurationError` if an option is missing, unknown or invalid; when planned, if padding is `'same'` with a
 * stride and sequences have lengths.
 * @throws `ShapeError` when planned, if there are too few steps for one output.
 */
export const averagePool = (given: AveragePoolOptions): Blueprint<Sequence, Same, Slots> => {
  const { kernel, stride = kernel, padding, countIncludePad } = options('averagePool', given, {
    ...poolOptions, countIncludePad: option.flag(false),
  })
  const windows = { kernel, stride, padding, dilation: 1 }
  return pool('averagePool', windows, { ...given }, 0, (backend, { taps, y, callShape }) =>
    means(backend, taps, y, sharesOf(backend, windows, countIncludePad, callShape, y)))
}

/** The inputs of all windows, and the outputs. */
interface Pooled {
  readonly taps: readonly Variable[]
  /** [rows, features]. The padding of its gradient is 0. */
  readonly y: Variable
  /** The call shape of the input. */
  readonly callShape: CallShape
}

const pool = (
  type: string, windows: Windows, given: { readonly [option: string]: unknown }, fill: number,
  combine: (backend: Backend, pooled: Pooled) => Pass,
): Blueprint<Sequence, Same, Slots> => {
  const { kernel, padding } = windows
  if (typeof padding === 'number' && 2 * padding > kernel)
    throw new ConfigurationError({
      where: type, expected: `a padding of at most half the kernel, ${Math.floor(kernel / 2)}`,
      got: String(padding), fix: 'Else a window would see no step at all.',
    })
  const answered = isCausal(windows) ? strideOfWindows(windows) : undefined
  return defineLayer({
    type,
    options: given,
    accepts: ['sequence'],
    build: (signal, { backend, where }): BuiltLayer & Pick<Pool, 'windows'> => ({
      out: signal,
      causal: isCausal(windows),
      ...(answered && { stride: answered }),
      windows,
      plan(x, callShape) {
        const shape = windowed(where, windows, callShape)
        const { taps, initial, final, begin, end } = tapsOf(backend, windows, x, callShape, shape.steps, { fill })
        const y = variable(backend, [shape.steps, shape.batch, signal.size], shape.mode === 'training')
        const { x: grad, clean } = gradientRows(backend, y, shape)
        const pooled = combine(backend, { taps, y: { value: asRows(y.value), grad }, callShape })
        return { y, callShape: shape, initial, final, pass: inSequence(begin, pooled, end, passOf([], clean)) }
      },
    }),
  })
}
