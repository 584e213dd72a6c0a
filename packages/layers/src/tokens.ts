import type { Backend, Kernel } from '@recurra/backend'
import { column, equal, formula } from '@recurra/formula'
import { asRows, expectCount, reshape, sizeOf, type Indices } from '@recurra/tensor'
import { KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type AsSequence, type Blueprint, type BuildContext, type Extent } from './layer.ts'
import { expectSignal, sequence, type Sequence, type Signal, type Tokens } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'

const flat = ({ value }: Wire): Indices => reshape(value as Indices, [sizeOf(value.shape)])

/** y = table[token] */
class Embedding extends KernelLayer {
  readonly type = 'embedding'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend
  override readonly params: { weight: Variable }

  constructor(input: Signal, size: number, { backend, random }: BuildContext) {
    super()
    this.in = input
    this.out = sequence(size)
    this.backend = backend
    const weight = variable(backend, [input.size, size]) // [symbols, features]
    backend.write(weight.value, Array.from({ length: input.size * size }, () => random.normal()))
    this.params = { weight }
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

/** A learned vector for every symbol: tokens [batch, time] -> [batch, time, size]. Starts as N(0, 1), as PyTorch's Embedding. */
export const embedding = <const F extends number>(size: F): Blueprint<Tokens, Sequence<F>, {}> => ({
  type: 'embedding',
  options: { size: expectCount(size, 'the size of embedding') },
  build: (input, context) => {
    expectSignal(input, ['tokens'], whereOf(`embedding(${size})`, context))
    return new Embedding(input, size, context)
  },
})

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
 */
export const oneHot = (): Blueprint<Tokens, AsSequence, {}> => ({
  type: 'oneHot',
  build: (input, context) => {
    expectSignal(input, ['tokens'], whereOf('oneHot', context))
    return new OneHot(input, context)
  },
})
