import type { Backend, Kernel } from '@recurra/backend'
import { constant, equal, formula, select } from '@recurra/formula'
import {
  asRows,
  ConfigurationError,
  expectCount,
  expectKnown,
  option,
  options,
  reshape,
  rows,
  sizeOf,
  type Indices,
  type Tensor,
} from '@recurra/tensor'
import { initialiseOption, type Initialisers } from './initialisers/initialiser.ts'
import { parameter } from './initialisers/parameter.ts'
import { expectPlan } from './expect-plan.ts'
import { KernelLayer, rowMask, withoutPadding, zero, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape } from './layer.ts'
import { expectSignal, sequence, type Sequence, type Signal, type Tokens } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'

/** Tokens as one list: [time · batch]. */
export const symbolsOf = ({ value }: Wire): Indices => reshape(value as Indices, [sizeOf(value.shape)])

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** How the table [symbols, size] is initialized. Default: N(0, 1), as PyTorch's Embedding. */
  readonly initialise?: Initialisers<'weight'>
  /**
   * The token that stands for padding: its vector is initialized with 0 and gets no gradient (PyTorch's padding_idx).
   */
  readonly paddingIndex?: number
  /**
   * Divides the gradient of a token by how often it occurs in the batch (PyTorch's scale_grad_by_freq). Steps beyond
   * the length of a sequence do not count. Default: false.
   */
  readonly scaleGradientByFrequency?: boolean
}

const withoutToken = formula({ each: ['x'], row: ['token'], scalar: ['padding'] }, ({ x, token, padding }) => ({
  y: select(equal(token, padding), 0, x),
}))
const ones = formula({}, () => ({ y: constant(1) }))
const divided = formula({ each: ['x'], row: ['count'] }, ({ x, count }) => ({ y: select(count, x.div(count), 0) }))

/** y = table[token] */
class Embedding extends KernelLayer {
  readonly type = 'embedding'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend
  override readonly params: { weight: Variable }
  readonly #padding: number | undefined
  readonly #byFrequency: boolean

  constructor(input: Signal, size: number, given: EmbeddingOptions, context: BuildContext) {
    super()
    const { initialise = {}, paddingIndex, scaleGradientByFrequency = false } = given
    const where = whereOf(`embedding(${size})`, context)
    if (paddingIndex !== undefined && paddingIndex >= input.size)
      throw new ConfigurationError({
        where,
        expected: `a paddingIndex below ${input.size}, the number of symbols`,
        got: String(paddingIndex),
        fix: 'Give padding a symbol of its own.',
      })
    this.in = input
    this.out = sequence(size)
    this.backend = context.backend
    this.#padding = paddingIndex
    this.#byFrequency = scaleGradientByFrequency
    // [symbols, features]
    this.params = { weight: parameter([input.size, size], initialise.weight ?? { normal: 1 }, context) }
    expectKnown(Object.keys(initialise), ['weight'], where, 'initialiser')
    if (paddingIndex !== undefined)
      this.backend.write(rows(this.params.weight.value, paddingIndex, paddingIndex + 1), new Float64Array(size))
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const {
      backend,
      params: { weight },
    } = this
    const training = callShape.mode === 'training'
    const y = variable(backend, [...x.value.shape, this.out.size], training)
    const indices = symbolsOf(x)
    const ahead = [backend.gather({ out: asRows(y.value), table: weight.value, indices })]
    const back: Kernel[] = []
    if (training) {
      const { x: clean, clean: cleaning } = withoutPadding(backend, asRows(y.grad), callShape)
      const { gradient, scaling } = this.#scaled(clean, indices, callShape)
      back.push(...cleaning, ...scaling, backend.scatterAdd({ table: weight.grad, rows: gradient, indices }))
    }
    return { x, y, callShape, initial: {}, final: {}, ahead, back }
  }

  /** The gradient of each step as the table takes it: nothing of padding, and divided by how often the token occurs. */
  #scaled(
    from: Tensor,
    indices: Indices,
    callShape: CallShape,
  ): { readonly gradient: Tensor; readonly scaling: readonly Kernel[] } {
    const { backend } = this
    const scaling: Kernel[] = []
    let gradient = from
    if (this.#padding !== undefined) {
      const [y, padding] = [backend.zeros(gradient.shape), backend.zeros([])]
      backend.write(padding, [this.#padding])
      scaling.push(backend.formula(withoutToken, { x: gradient, token: indices, padding, y }))
      gradient = y
    }
    if (this.#byFrequency) {
      const steps = indices.shape[0]!
      const [y, seen] = [backend.zeros(gradient.shape), backend.zeros([steps, 1])]
      const [counts, table] = [backend.zeros([steps, 1]), backend.zeros([this.in.size, 1])]
      const mask = rowMask(callShape)
      const real = mask ? reshape(mask, [steps, 1]) : seen
      if (!mask) scaling.push(backend.formula(ones, { y: seen }))
      scaling.push(
        zero(backend, table),
        backend.scatterAdd({ table, rows: real, indices }),
        backend.gather({ out: counts, table, indices }),
        backend.formula(divided, { x: gradient, count: reshape(counts, [steps]), y }),
      )
      gradient = y
    }
    return { gradient, scaling }
  }
}

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
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is not known, or does not fit.
 */
export const embedding = <const F extends number>(
  size: F,
  given: EmbeddingOptions = {},
): Blueprint<Tokens, Sequence<F>, {}> => {
  options('embedding', given, {
    initialise: initialiseOption,
    paddingIndex: option.integer(0)(),
    scaleGradientByFrequency: option.flag(false),
  })
  return {
    type: 'embedding',
    options: { size: expectCount(size, 'the size of embedding'), ...given },
    build: (input, context) => {
      expectSignal(input, ['tokens'], whereOf(`embedding(${size})`, context))
      return new Embedding(input, size, given, context)
    },
  }
}
