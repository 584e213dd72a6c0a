import { asRows, expectCount, expectKnown, option, options } from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from '../define-layer.ts'
import { initializersOption, type Initializers } from '../initializers/initializer.ts'
import { parameter } from '../initializers/parameter.ts'
import { gradientRows } from '../kernels.ts'
import type { Blueprint, Layer } from '../layer.ts'
import { inSequence, passOf } from '../pass.ts'
import { sequence, type Sequence } from '../signal.ts'
import { variable, type Slots } from '../variable.ts'
import {
  expectGroups, isCausal, paddingOption, strideOfWindows, windowed, type Padding, type Windows,
} from './padding.ts'
import { depthwiseOf, productsOf } from './products.ts'
import { isStrided, stridedProducts } from './strided-products.ts'
import { tapsOf } from './taps.ts'

/** Options of `convolution`. */
export interface ConvolutionOptions {
  /** The number of steps that an output depends on (Keras' and PyTorch's kernel_size). */
  readonly kernel: number
  /** The number of steps from one output to the next. Default: 1. */
  readonly stride?: number
  /** The distance of the steps that an output depends on. Default: 1. */
  readonly dilation?: number
  /** What stands around the sequence: see `Padding`. Default: 'valid', as in Keras and PyTorch. */
  readonly padding?: Padding
  /**
   * Splits features and filters into so many groups; a filter reads only the features of its group. With as many
   * groups as features, the convolution is depthwise. Default: 1.
   */
  readonly groups?: number
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean
  /**
   * The initializers of `weight` [kernel · features / groups, filters] and `bias` [filters]. Default: uniform in
   * ±1/√(kernel · features / groups), as in PyTorch.
   */
  readonly initializers?: Initializers<'weight' | 'bias'>
}

/** A layer that `convolution` makes. */
export interface Convolution extends Layer {
  /** The windows that it multiplies. */
  readonly windows: Windows
  /** The number of groups of its features and filters. */
  readonly groups: number
}

/**
 * A convolution over time, as Keras' Conv1D and PyTorch's Conv1d: y[j] = b + Σ x[stride·j + dilation·k - before]·W[k],
 * where `before` is the padding before the first step. [batch, time, features] -> [batch, steps, filters]; the number
 * of steps and the lengths of sequences follow from kernel, stride, dilation and padding. Padded and masked steps
 * count as 0.
 *
 * With padding `'causal'` or `'valid'` it streams: its last inputs are its state, `x` [batch, (kernel - 1) · dilation,
 * features]. Where not every step has an output, use `stream.push`.
 *
 * ```ts
 * import { activation, convolution, dense, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [
 *   convolution(16, { kernel: 3, padding: 'causal' }), activation('relu'), lstm(32), dense(2),
 * ])
 * console.log(model.stream().step([1, 2, 3, 4]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the number of filters is not a positive integer, or an option is missing, unknown or
 * invalid; when built, if `groups` does not divide features and filters; when planned, if padding is `'same'` with a
 * stride and sequences have lengths, since windows would then lie elsewhere than in each sequence alone.
 * @throws `ShapeError` when planned, if there are too few steps for one output.
 */
export const convolution = <const F extends number>(
  filters: F, given: ConvolutionOptions,
): Blueprint<Sequence, Sequence<F>, Slots> => {
  const { kernel, stride, dilation, padding, groups, bias, initializers = {} } = options('convolution', given, {
    kernel: option.required(option.count()),
    stride: option.count(1),
    dilation: option.count(1),
    padding: paddingOption('valid', 'same', 'causal'),
    groups: option.count(1),
    bias: option.flag(true),
    initializers: initializersOption,
  })
  const windows = { kernel, stride, dilation, padding }
  return defineLayer({
    type: 'convolution',
    title: `convolution(${filters})`,
    options: { filters: expectCount(filters, 'the filters of convolution'), ...given },
    accepts: ['sequence'],
    build({ size }, context): BuiltLayer & Pick<Convolution, 'windows' | 'groups'> {
      const { backend, where } = context
      expectGroups(groups, size, filters, where)
      const depth = kernel * size / groups
      const initializer = { uniform: 1 / Math.sqrt(depth) }
      const params = {
        weight: parameter([depth, filters], initializers.weight ?? initializer, context),
        ...(bias && { bias: parameter([filters], initializers.bias ?? initializer, context) }),
      }
      expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
      const multiply = groups === size && groups === filters ? depthwiseOf : productsOf
      const answered = isCausal(windows) ? strideOfWindows(windows) : undefined
      return {
        out: sequence(filters),
        params,
        windows,
        groups,
        causal: isCausal(windows),
        ...(answered && { stride: answered }),
        plan(x, callShape) {
          const { batch, mode, streaming = false } = callShape
          const training = mode === 'training'
          const shape = windowed(where, windows, callShape)
          const whole = !training && !streaming && isStrided(backend, windows, groups, batch) // sums in another order
          const { taps, initial, final, begin, end, ...history } =
            tapsOf(backend, windows, x, callShape, shape.steps, { gather: !whole })
          const y = variable(backend, [shape.steps, batch, filters], training)
          const { x: dy, clean } = gradientRows(backend, y, shape)
          const of = { value: asRows(y.value), grad: dy }
          const operands = { taps, weight: params.weight, bias: params.bias, y: of, groups, training, streaming }
          const products = whole
            ? stridedProducts(backend, operands, { ...history, windows }) : multiply(backend, operands)
          return { y, callShape: shape, initial, final, pass: inSequence(begin, products, end, passOf([], clean)) }
        },
      }
    },
  })
}
