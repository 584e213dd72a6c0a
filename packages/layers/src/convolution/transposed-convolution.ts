import {
  asRows, columns, ConfigurationError, expectCount, expectKnown, option, options, rows, ShapeError,
} from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from '../define-layer.ts'
import type { CallShape } from '../frame.ts'
import { initializersOption, type Initializers } from '../initializers/initializer.ts'
import { parameter } from '../initializers/parameter.ts'
import { copy, copyPadded } from '../kernels.ts'
import type { Blueprint, Layer } from '../layer.ts'
import { inSequence, passOf } from '../pass.ts'
import { sequence, type Sequence } from '../signal.ts'
import { joinSteps, splitSteps } from '../split-steps.ts'
import { variable, viewOn, type Slots } from '../variable.ts'
import { paddingOption, type Padding, type Windows } from './padding.ts'
import { productOf, withBiasGradient } from './products.ts'
import { tapsOf } from './taps.ts'

/** Options of `transposedConvolution`. */
export interface TransposedConvolutionOptions {
  /** The number of steps that an input step adds to (Keras' and PyTorch's kernel_size); at least the stride. */
  readonly kernel: number
  /** The number of output steps for an input step. Default: 1. */
  readonly stride?: number
  /**
   * What is cut off: the padding of the convolution that this one transposes. `'valid'`: nothing. `'same'`: on both
   * sides as much as leaves `stride` steps for each input step, as in Keras. `'causal'`: the same, all of it behind the
   * last step. A number: that many steps on both sides, as in PyTorch. Default: 'valid', as in Keras and PyTorch.
   */
  readonly padding?: Padding
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean
  /**
   * The initializers of `weight` [kernel · features, filters] and `bias` [filters]. Default: uniform in
   * ±1/√(kernel · filters), as in PyTorch.
   */
  readonly initializers?: Initializers<'weight' | 'bias'>
}

/** A layer that `transposedConvolution` makes. */
export interface TransposedConvolution extends Layer {
  /** The windows of the convolution that it transposes. */
  readonly windows: Windows
}

/** The steps that are cut off before the first output and behind the last one. */
export type Crop = readonly [before: number, after: number]

/** What the padding of the transposed convolution cuts off. */
export const cropOf = ({ kernel, stride, padding }: Omit<Windows, 'dilation'>): Crop => {
  const overlap = kernel - stride
  if (padding === 'valid') return [0, 0]
  if (padding === 'causal') return [0, overlap]
  return padding === 'same' ? [Math.floor(overlap / 2), Math.ceil(overlap / 2)] : [padding, padding]
}

/**
 * A transposed convolution over time, as Keras' Conv1DTranspose and PyTorch's ConvTranspose1d: each input step adds
 * x·W[k] to the output steps stride·t + k, for k from 0 to kernel - 1. [batch, time, features] -> [batch, steps,
 * filters], where steps = (time - 1) · stride + kernel, less what the padding cuts off. Padded and masked steps count
 * as 0.
 *
 * With padding `'causal'`, or a kernel as long as the stride, it streams: a step (`stream.push`) gives `stride` steps.
 * Its last inputs are its state, `x` [batch, ⌈kernel / stride⌉ - 1, features].
 *
 * ```ts
 * import { convolution, lstm, sequential, transposedConvolution } from 'recurra'
 *
 * const model = sequential(1, [
 *   convolution(8, { kernel: 4, stride: 4 }), lstm(16), transposedConvolution(1, { kernel: 4, stride: 4 }),
 * ])
 * const stream = model.stream()
 * console.log([1, 2, 3, 4].map((x) => stream.push([x])?.shape)) // [undefined, undefined, undefined, [1, 4, 1]]
 * ```
 * @throws `ConfigurationError` if the number of filters is not a positive integer, an option is missing, unknown or
 * invalid, or the kernel is shorter than the stride.
 * @throws `ShapeError` when planned, if the padding cuts off all outputs.
 */
export const transposedConvolution = <const F extends number>(
  filters: F, given: TransposedConvolutionOptions,
): Blueprint<Sequence, Sequence<F>, Slots> => {
  const { kernel, stride, padding, bias, initializers = {} } = options('transposedConvolution', given, {
    kernel: option.required(option.count()),
    stride: option.count(1),
    padding: paddingOption('valid', 'same', 'causal'),
    bias: option.flag(true),
    initializers: initializersOption,
  })
  const windows = { kernel, stride, padding, dilation: 1 }
  expectOverlap(windows)
  const crop = cropOf(windows)
  const causal = crop[0] === 0 && crop[1] === kernel - stride
  const reach = Math.ceil(kernel / stride) - 1 // the steps before it that an output depends on
  return defineLayer({
    type: 'transposedConvolution',
    title: `transposedConvolution(${filters})`,
    options: { filters: expectCount(filters, 'the filters of transposedConvolution'), ...given },
    accepts: ['sequence'],
    build({ size }, context): BuiltLayer & Pick<TransposedConvolution, 'windows'> {
      const { backend, where } = context
      const initializer = { uniform: 1 / Math.sqrt(kernel * filters) }
      const params = {
        weight: parameter([kernel * size, filters], initializers.weight ?? initializer, context),
        ...(bias && { bias: parameter([filters], initializers.bias ?? initializer, context) }),
      }
      expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
      return {
        out: sequence(filters),
        params,
        windows,
        causal,
        ...(causal && stride > 1 && { stride: { every: 1, outputs: stride } }),
        plan(x, callShape) {
          const { steps, batch, mode, streaming = false } = callShape
          const training = mode === 'training'
          const shape = outputShape(windows, crop, callShape)
          const read = causal ? steps : steps + reach
          const around: Windows = { kernel: reach + 1, stride: 1, dilation: 1, padding: causal ? 'causal' : reach }
          const { taps, initial, final, begin, end } = tapsOf(backend, around, x, callShape, read)
          // The outputs of a step side by side: [steps, batch, stride · filters].
          const wide = variable(backend, [read, batch, stride * filters], training)
          const blocks = Array.from({ length: kernel }, (_, k) => {
            const [back, j] = [Math.floor(k / stride), k % stride]
            return productOf(backend, { training, streaming }, {
              x: (of) => taps[reach - back]![of],
              weight: (of) => rows(params.weight[of], k * size, (k + 1) * size),
              y: (of) => columns(asRows(wide[of]), j * filters, (j + 1) * filters),
              start: back > 0 ? { accumulate: true } : params.bias && { bias: params.bias.value },
            })
          })
          const all = variable(backend, [read * stride, batch, filters], training)
          const y = variable(backend, [shape.steps, batch, filters], training)
          const kept = viewOn(all, (of) => rows(of, crop[0], crop[0] + shape.steps))
          const rest = passOf(
            [...splitSteps(backend, wide.value, all.value, stride), copy(backend, kept.value, y.value)],
            training ? [
              copyPadded(backend, asRows(y.grad), asRows(kept.grad), shape),
              ...joinSteps(backend, all.grad, wide.grad, stride),
            ] : [],
          )
          const outputs = viewOn(all, asRows)
          const products = withBiasGradient(backend, blocks, { bias: params.bias, y: outputs, training })
          return { y, callShape: shape, initial, final, pass: inSequence(begin, products, rest, end) }
        },
      }
    },
  })
}

/** @throws `ConfigurationError` if some outputs would read no input. */
const expectOverlap = ({ kernel, stride }: Windows): void => {
  if (kernel >= stride) return
  throw new ConfigurationError({
    where: 'transposedConvolution', expected: `a kernel of at least the stride, ${stride}`, got: String(kernel),
    fix: 'Otherwise some outputs would read no input.',
  })
}

/** @throws `ShapeError` if the padding cuts off all outputs. */
const outputShape = ({ kernel, stride }: Windows, [before, after]: Crop, callShape: CallShape): CallShape => {
  const { steps: read, streaming, lengths } = callShape
  if (streaming) return { ...callShape, steps: read * stride }
  const steps = (read - 1) * stride + kernel - before - after
  if (steps < 1)
    throw new ShapeError({
      where: 'transposedConvolution', expected: `more than ${before + after} outputs, which the padding cuts off`,
      got: String(steps + before + after), fix: 'Pass longer sequences, or less padding.',
    })
  const last = (j: number): number => Math.max(0, Math.ceil((j + before + after + 1 - kernel) / stride))
  return { ...callShape, steps, ...(lengths && { lengths: lengths.derive(steps, last) }) }
}
