import type { Backend, Kernel } from '@recurra/backend'
import { constant, equal, formula, select } from '@recurra/formula'
import {
  asRows, ConfigurationError, expectCount, expectKnown, option, options, reshape, reversed, rows, sizeOf, type Indices,
  type Tensor,
} from '@recurra/tensor'
import { defineLayer } from './define-layer.ts'
import type { CallShape } from './frame.ts'
import { initializersOption, type Initializers } from './initializers/initializer.ts'
import { parameter } from './initializers/parameter.ts'
import { gradientRows, rowMask, zero } from './kernels.ts'
import type { Blueprint } from './layer.ts'
import { passOf } from './pass.ts'
import { sequence, type Sequence, type Tokens } from './signal.ts'
import { variable, type Wire } from './variable.ts'

/** Tokens as one list: [time · batch]. */
export const symbolsOf = ({ value }: Wire): Indices => reshape(value as Indices, [sizeOf(value.shape)])

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** The initializer of the table [symbols, size]. Default: N(0, 1), as in PyTorch's Embedding. */
  readonly initializers?: Initializers<'weight'>
  /**
   * The padding token: its vector is initialized with 0 and gets no gradient (PyTorch's padding_idx). Default: no such
   * token.
   */
  readonly paddingIndex?: number
  /**
   * Divides the gradient of a token by its frequency in the batch (PyTorch's scale_grad_by_freq). Padding does not
   * count. Default: false.
   */
  readonly scaleGradientByFrequency?: boolean
}

const withoutToken = formula({ element: ['x'], row: ['token'], scalar: ['padding'] }, ({ x, token, padding }) => ({
  y: select(equal(token, padding), 0, x),
}))
const ones = formula({}, () => ({ y: constant(1) }))
const divided = formula({ element: ['x'], row: ['count'] }, ({ x, count }) => ({ y: select(count, x.div(count), 0) }))

/**
 * A learned vector for every symbol (Bengio et al. 2003; PyTorch's Embedding): tokens [batch, time] -> [batch, time,
 * size].
 *
 * ```ts
 * import { embedding, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(50), [embedding(8, { paddingIndex: 0 })])
 * console.log(model.stream().step(49).shape) // [1, 8]
 * ```
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown or invalid.
 */
export const embedding = <const F extends number>(
  size: F,
  given: EmbeddingOptions = {},
): Blueprint<Tokens, Sequence<F>, {}> => {
  const checked = options('embedding', given, {
    initializers: initializersOption,
    paddingIndex: option.integer(0)(),
    scaleGradientByFrequency: option.flag(false),
  })
  const { initializers = {}, paddingIndex } = checked
  return defineLayer({
    type: 'embedding',
    title: `embedding(${size})`,
    options: { size: expectCount(size, 'the size of embedding'), ...given },
    accepts: ['tokens'],
    build(input, context) {
      const { backend, where } = context
      if (paddingIndex !== undefined && paddingIndex >= input.size)
        throw new ConfigurationError({
          where,
          expected: `a paddingIndex below ${input.size}, the number of symbols`,
          got: String(paddingIndex),
          fix: 'Give padding a symbol of its own.',
        })
      const weight = parameter([input.size, size], initializers.weight ?? { normal: 1 }, context)
      expectKnown(Object.keys(initializers), ['weight'], where, 'initializer')
      if (paddingIndex !== undefined)
        backend.write(rows(weight.value, paddingIndex, paddingIndex + 1), new Float64Array(size))
      return {
        out: sequence(size),
        params: { weight },
        segmentable: !checked.scaleGradientByFrequency, // that is of the whole batch
        plan(x, callShape) {
          const y = variable(backend, [...x.value.shape, size], callShape.mode === 'training')
          const indices = symbolsOf(x)
          const forward = backend.gather({ out: asRows(y.value), table: weight.value, indices })
          if (callShape.mode === 'inference') return { y, pass: passOf([forward]) }
          const { x: dy, clean } = gradientRows(backend, y, callShape)
          const { gradient, kernels } = scaled(backend, dy, indices, input.size, checked, callShape)
          const add = backend.scatterAdd({ table: weight.grad, rows: reversed(gradient), indices: reversed(indices) })
          return { y, pass: passOf([forward], [...clean, ...kernels, add]) }
        },
      }
    },
  })
}

/** The gradient of each step for the table: 0 for padding, and divided by the frequency of the token. */
const scaled = (
  backend: Backend,
  dy: Tensor,
  indices: Indices,
  symbols: number,
  { paddingIndex, scaleGradientByFrequency }: { readonly [O in 'paddingIndex']: number | undefined } & {
    readonly scaleGradientByFrequency: boolean
  },
  callShape: CallShape,
): { readonly gradient: Tensor; readonly kernels: readonly Kernel[] } => {
  const kernels: Kernel[] = []
  let gradient = dy
  if (paddingIndex !== undefined) {
    const [y, padding] = [backend.zeros(gradient.shape), backend.zeros([])]
    backend.write(padding, [paddingIndex])
    kernels.push(backend.formula(withoutToken, { x: gradient, token: indices, padding, y }))
    gradient = y
  }
  if (scaleGradientByFrequency) {
    const steps = indices.shape[0]!
    const [y, seen] = [backend.zeros(gradient.shape), backend.zeros([steps, 1])]
    const [counts, table] = [backend.zeros([steps, 1]), backend.zeros([symbols, 1])]
    const mask = rowMask(callShape)
    const real = mask ? reshape(mask, [steps, 1]) : seen
    if (!mask) kernels.push(backend.formula(ones, { y: seen }))
    kernels.push(
      zero(backend, table),
      backend.scatterAdd({ table, rows: real, indices }),
      backend.gather({ out: counts, table, indices }),
      backend.formula(divided, { x: gradient, count: reshape(counts, [steps]), y }),
    )
    gradient = y
  }
  return { gradient, kernels }
}
