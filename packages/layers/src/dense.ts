import { expectCount, expectKnown, option, options } from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import { initializersOption, type Initializers } from './initializers/initializer.ts'
import { parameter } from './initializers/parameter.ts'
import { gradientRows } from './kernels.ts'
import type { Blueprint, Resized } from './layer.ts'
import { linear } from './linear.ts'
import { inSequence, passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { variable } from './variable.ts'

/** Options of `dense`. */
export interface DenseOptions {
  /** Whether to add the bias b. Default: true. */
  readonly bias?: boolean
  /** The initializers of W [features, size] and b [size]. Default: uniform in ±1/√features, as in PyTorch's Linear. */
  readonly initializers?: Initializers<'weight' | 'bias'>
}

/**
 * A fully connected layer, y = x·W + b: [batch, time, features] -> [batch, time, size], or [batch, features] ->
 * [batch, size]. W [features, size] is the transpose of the weight of PyTorch's Linear.
 *
 * ```ts
 * import { dense, sequential, vector } from 'recurra'
 *
 * console.log(sequential(4, [dense(10)]).out) // { kind: 'sequence', size: 10 }
 * console.log(sequential(vector(4), [dense(10, { bias: false })]).out) // { kind: 'vector', size: 10 }
 * ```
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown or invalid.
 */
export const dense = <const F extends number>(
  size: F,
  given: DenseOptions = {},
): Blueprint<Sequence | Vector, Resized<F>, {}> => {
  const { bias, initializers = {} } = options('dense', given, {
    bias: option.flag(true), initializers: initializersOption,
  })
  return defineLayer({
    type: 'dense',
    title: `dense(${size})`,
    options: { size: expectCount(size, 'the size of dense'), ...given, bias },
    accepts: ['sequence', 'vector'],
    build(input, context) {
      const { backend, where } = context
      const initializer = { uniform: 1 / Math.sqrt(input.size) }
      const params = {
        weight: parameter([input.size, size], initializers.weight ?? initializer, context),
        ...(bias && { bias: parameter([size], initializers.bias ?? initializer, context) }),
      }
      expectKnown(Object.keys(initializers), Object.keys(params), where, 'initializer')
      return {
        out: { ...input, size },
        params,
        plan(x, callShape) {
          const y = variable(backend, [...x.value.shape.slice(0, -1), size], callShape.mode === 'training')
          const { x: dy, clean } = gradientRows(backend, y, callShape)
          return {
            y,
            // `clean` is last, so it runs first in the backward pass: `linear` then reads a gradient without padding.
            pass: inSequence(linear(backend, { x, ...params, y: { ...y, grad: dy } }, callShape), passOf([], clean)),
          }
        },
      }
    },
  })
}
