import type { Backend } from '@recurra/backend'
import { asRows, expectCount, expectKnown, option, options } from '@recurra/tensor'
import { initialiseOption, type Initialisers } from './initialisers/initialiser.ts'
import { parameter } from './initialisers/parameter.ts'
import { expectPlan } from './expect-plan.ts'
import { addRows, KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape, type Resized } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'
import { weighted } from './weighted.ts'

/** Options of `dense`. */
export interface DenseOptions {
  /** Whether it adds b. Default: true. */
  readonly bias?: boolean
  /** How W [features, size] and b [size] are initialized. Default: uniform in ±1/√features, as PyTorch's Linear. */
  readonly initialise?: Initialisers<'weight' | 'bias'>
}

/** y = x·W + b over the last axis, at every step alike. */
class Dense extends KernelLayer {
  readonly type = 'dense'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  override readonly params: { readonly weight: Variable; readonly bias?: Variable }

  constructor(input: Signal, size: number, bias: boolean, { initialise = {} }: DenseOptions, context: BuildContext) {
    super()
    this.in = input
    this.out = { kind: input.kind as 'sequence', size }
    this.backend = context.backend
    const usual = { uniform: 1 / Math.sqrt(input.size) }
    this.params = {
      weight: parameter([input.size, size], initialise.weight ?? usual, context), // [in, out]
      ...(bias && { bias: parameter([size], initialise.bias ?? usual, context) }),
    }
    expectKnown(Object.keys(initialise), Object.keys(this.params), whereOf(`dense(${size})`, context), 'initialiser')
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const { backend, params: { weight, bias } } = this
    const training = callShape.mode === 'training'
    const y = variable(backend, [...x.value.shape.slice(0, -1), this.out.size], training)
    const product = weighted(backend, x, weight, callShape)
    const frame = { x, y, callShape, initial: {}, final: {}, ahead: product.ahead(asRows(y.value), bias?.value) }
    if (!training) return { ...frame, back: [] }
    const { x: dy, clean } = withoutPadding(backend, asRows(y.grad), callShape)
    const back = [...clean, ...product.back(dy), ...(bias ? [backend.formula(addRows, { x: dy, y: bias.grad })] : [])]
    return { ...frame, back }
  }
}

/**
 * A fully connected layer, y = x·W + b (PyTorch's Linear): [batch, time, features] -> [batch, time, size], or
 * [batch, features] -> [batch, size].
 *
 * ```ts
 * import { dense, sequential, vector } from 'recurra'
 *
 * console.log(sequential(4, [dense(10)]).out) // { kind: 'sequence', size: 10 }
 * console.log(sequential(vector(4), [dense(10, { bias: false })]).out) // { kind: 'vector', size: 10 }
 * ```
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is not known, or does not fit.
 */
export const dense = <const F extends number>(
  size: F,
  given: DenseOptions = {},
): Blueprint<Sequence | Vector, Resized<F>, {}> => {
  const { bias } = options('dense', given, { bias: option.flag(true), initialise: initialiseOption })
  return {
    type: 'dense',
    options: { size: expectCount(size, 'the size of dense'), ...given, bias },
    build: (input, context) => {
      expectSignal(input, ['sequence', 'vector'], whereOf(`dense(${size})`, context))
      return new Dense(input, size, bias, given, context)
    },
  }
}
