import type { Backend } from '@recurra/backend'
import { asRows, expectCount } from '@recurra/tensor'
import { addRows, KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type Extent, type Resized } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'
import { weighted } from './weighted.ts'

/** y = x·W + b over the last axis, at every step alike. */
class Dense extends KernelLayer {
  readonly type = 'dense'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  override readonly params: { weight: Variable; bias?: Variable }

  constructor(input: Signal, size: number, bias: boolean, { backend, random }: BuildContext) {
    super()
    this.in = input
    this.out = { kind: input.kind as 'sequence', size }
    this.backend = backend
    const weight = variable(backend, [input.size, size]) // [in, out]
    const bound = 1 / Math.sqrt(input.size)
    backend.write(weight.value, Array.from({ length: input.size * size }, () => random.uniform(-bound, bound)))
    this.params = { weight }
    if (!bias) return
    this.params.bias = variable(backend, [size])
    backend.write(this.params.bias.value, Array.from({ length: size }, () => random.uniform(-bound, bound)))
  }

  plan(x: Wire, extent: Extent): KernelFrame {
    const { backend, params: { weight, bias } } = this
    const training = extent.mode === 'training'
    const y = variable(backend, [...x.value.shape.slice(0, -1), this.out.size], training)
    const product = weighted(backend, x, weight, extent)
    const frame = { x, y, extent, initial: {}, final: {}, ahead: product.ahead(asRows(y.value), bias?.value) }
    if (!training) return { ...frame, back: [] }
    const { x: dy, clean } = withoutPadding(backend, asRows(y.grad), extent)
    const back = [...clean, ...product.back(dy), ...(bias ? [backend.formula(addRows, { x: dy, y: bias.grad })] : [])]
    return { ...frame, back }
  }
}

/**
 * A fully connected layer, y = x·W + b: [batch, time, features] -> [batch, time, size], or [batch, features] -> [batch, size].
 * Starts uniform in ±1/√features, as PyTorch's Linear.
 */
export const dense = <const F extends number>(size: F, { bias = true }: { bias?: boolean } = {}): Blueprint<Sequence | Vector, Resized<F>, {}> => ({
  type: 'dense',
  options: { size: expectCount(size, 'the size of dense'), bias },
  build: (input, context) => {
    expectSignal(input, ['sequence', 'vector'], whereOf(`dense(${size})`, context))
    return new Dense(input, size, bias, context)
  },
})
