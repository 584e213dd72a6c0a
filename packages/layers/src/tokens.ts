import type { Backend, Kernel } from '@recurra/backend'
import { column, equal, formula } from '@recurra/formula'
import { asRows, expectCount, expectNames, options, reshape, sizeOf, type Indices } from '@recurra/tensor'
import { initialiseOption, type Initialisers } from './initialisers/initialiser.ts'
import { parameter } from './initialisers/parameter.ts'
import { KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type AsSequence, type Blueprint, type BuildContext, type Extent } from './layer.ts'
import { expectSignal, sequence, type Sequence, type Signal, type Tokens } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'

const flat = ({ value }: Wire): Indices => reshape(value as Indices, [sizeOf(value.shape)])

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** How the table [symbols, size] is initialized. Default: N(0, 1), as PyTorch's Embedding. */
  readonly initialise?: Initialisers<'weight'>
}

/** y = table[token] */
class Embedding extends KernelLayer {
  readonly type = 'embedding'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend
  override readonly params: { weight: Variable }

  constructor(input: Signal, size: number, { initialise = {} }: EmbeddingOptions, context: BuildContext) {
    super()
    this.in = input
    this.out = sequence(size)
    this.backend = context.backend
    this.params = { weight: parameter([input.size, size], initialise.weight ?? { normal: 1 }, context) } // [symbols, features]
    expectNames(initialise, ['weight'], 'initialisers', whereOf(`embedding(${size})`, context))
  }

  plan(x: Wire, extent: Extent): KernelFrame {
    const { backend, params: { weight } } = this
    const training = extent.mode === 'training'
    const y = variable(backend, [...x.value.shape, this.out.size], training)
    const indices = flat(x)
    const ahead = [backend.gather({ out: asRows(y.value), table: weight.value, indices })]
    const back: Kernel[] = []
    if (training) {
      const { x: rows, clean } = withoutPadding(backend, asRows(y.grad), extent)
      back.push(...clean, backend.scatterAdd({ table: weight.grad, rows, indices }))
    }
    return { x, y, extent, initial: {}, final: {}, ahead, back }
  }
}

/**
 * A learned vector for every symbol (Bengio et al. 2003; PyTorch's Embedding): tokens [batch, time] -> [batch, time, size].
 *
 * ```ts
 * import { embedding, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(50), [embedding(8)])
 * console.log(model.stream().step(49).shape) // [1, 8]
 * ```
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is not known, or does not fit.
 */
export const embedding = <const F extends number>(
  size: F,
  given: EmbeddingOptions = {},
): Blueprint<Tokens, Sequence<F>, {}> => {
  options('embedding', given, { initialise: initialiseOption })
  return {
    type: 'embedding',
    options: { size: expectCount(size, 'the size of embedding'), ...given },
    build: (input, context) => {
      expectSignal(input, ['tokens'], whereOf(`embedding(${size})`, context))
      return new Embedding(input, size, given, context)
    },
  }
}

const oneHotRow = formula({ row: ['token'] }, ({ token }) => ({ y: equal(column, token) }))

class OneHot extends KernelLayer {
  readonly type = 'oneHot'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend

  constructor(input: Signal, { backend }: BuildContext) {
    super()
    this.in = input
    this.out = sequence(input.size)
    this.backend = backend
  }

  plan(x: Wire, extent: Extent): KernelFrame {
    const symbols = flat(x)
    const y = variable(this.backend, [...x.value.shape, this.out.size], false) // a symbol has no gradient
    const ahead = [this.backend.formula(oneHotRow, { token: symbols, y: asRows(y.value) })]
    return { x, y: { ...y, symbols }, extent, initial: {}, final: {}, ahead, back: [] }
  }
}

/**
 * 1-of-k coding: tokens [batch, time] of k symbols -> [batch, time, k], 1 at the symbol and 0 elsewhere. A layer behind it
 * that multiplies by a weight, such as `dense` or `lstm`, takes rows of the weight instead, which is the same and costs
 * next to nothing.
 *
 * ```ts
 * import { oneHot, sequential, tokens } from 'recurra'
 *
 * const model = sequential(tokens(4), [oneHot()])
 * console.log(model.backend.read(model.stream().step(2))) // [0, 0, 1, 0]
 * ```
 */
export const oneHot = (): Blueprint<Tokens, AsSequence, {}> => ({
  type: 'oneHot',
  build: (input, context) => {
    expectSignal(input, ['tokens'], whereOf('oneHot', context))
    return new OneHot(input, context)
  },
})
