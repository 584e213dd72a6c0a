import type { Backend, Kernel } from '@recurra/backend'
import { differentiate, exp, input, max, min, outputsOf, programOf, relu, select, sigmoid, softplus, tanh, type Expression, type Program } from '@recurra/formula'
import { asRows, ConfigurationError, type Tensor } from '@recurra/tensor'
import { expectPlan } from './expect-plan.ts'
import { features, KernelLayer, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type Extent, type Same } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, wantsGradient, type Wire } from './variable.ts'

/** min(largest, max(0, x)), with a derivative of 0 at both ends. */
const clipped = (x: Expression, largest: number): Expression => min(largest, max(0, x))

/** The activations that have a name. */
export const activations: Readonly<Record<ActivationName, (x: Expression) => Expression>> = {
  tanh,
  sigmoid,
  relu,
  silu: (x: Expression): Expression => x.mul(sigmoid(x)),
  softplus: (x: Expression): Expression => softplus(x),
  hardSigmoid: (x: Expression): Expression => clipped(x.add(3), 6).div(6),
  hardSigmoidKeras2: (x: Expression): Expression => clipped(x.mul(0.2).add(0.5), 1),
  elu: (x: Expression): Expression => select(x, x, exp(select(x, 0, x)).sub(1)), // exp of a large x is infinite, and 0 · ∞ in the derivative is NaN
}

/**
 * What `activation` knows by name; any other function is passed as a formula. `'silu'` is x·sigmoid(x) (Elfwing et al. 2018),
 * `'softplus'` log(1 + eˣ) (Dugas et al. 2001), `'elu'` x above 0, else eˣ - 1 (Clevert et al. 2016), `'hardSigmoid'` min(6, max(0, x + 3)) / 6, all as in PyTorch and
 * Keras 3. `'hardSigmoidKeras2'` is min(1, max(0, 0.2·x + 0.5)), the `hard_sigmoid` of Keras 1 and 2 and of TensorFlow.js.
 */
export type ActivationName = 'tanh' | 'sigmoid' | 'relu' | 'silu' | 'softplus' | 'elu' | 'hardSigmoid' | 'hardSigmoidKeras2'

/** y = f(x), with the derivative worked out by the formula package. */
export class Activation extends KernelLayer {
  readonly type = 'activation'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  /** The formula of one element. */
  readonly f: (x: Expression) => Expression
  readonly #forward: Program
  readonly #backward: Program

  constructor(signal: Signal, f: (x: Expression) => Expression, { backend }: BuildContext) {
    super()
    this.in = signal
    this.out = signal
    this.backend = backend
    this.f = f
    this.#forward = programOf(outputsOf({ y: f(input('x')) }))
    // The input is in memory: reading it again is cheaper than saving what lies between.
    const { gradients } = differentiate({ y: f(input('x')) }, ['x'], { save: false })
    this.#backward = programOf(outputsOf({ dx: gradients['x']! }))
  }

  /**
   * @throws `ShapeError` if the wire is not of this extent.
   * @throws `ConfigurationError` if the extent is not one.
   */
  plan(wire: Wire, extent: Extent): KernelFrame {
    expectPlan(this, wire, extent)
    const training = extent.mode === 'training'
    const y = variable(this.backend, wire.value.shape, training)
    const x: Tensor = features(wire)
    const out = asRows(y.value)
    const back: Kernel[] = []
    if (training && wantsGradient(wire))
      back.push(this.backend.formula(this.#backward, { x, 'y.y': out, 'd.y': asRows(y.grad), dx: asRows(wire.grad) }))
    return { x: wire, y, extent, initial: {}, final: {}, ahead: [this.backend.formula(this.#forward, { x, y: out })], back }
  }
}

/**
 * An element-wise function, by name or as a formula of your own: `activation((x) => x.mul(sigmoid(x)))`. Shapes stay.
 *
 * ```ts
 * import { activation, dense, sequential, sigmoid, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(8), activation('tanh'), dense(8), activation((x) => x.mul(sigmoid(x)))])
 * console.log(model.out) // { kind: 'vector', size: 8 }
 * ```
 * @throws `ConfigurationError` when built, if there is none of that name.
 */
export const activation = (f: ActivationName | ((x: Expression) => Expression)): Blueprint<Sequence | Vector, Same, {}> => ({
  type: 'activation',
  options: { function: typeof f === 'string' ? f : 'custom' },
  build: (signal, context) => {
    expectSignal(signal, ['sequence', 'vector'], whereOf('activation', context))
    const body = typeof f === 'function' ? f : activations[f]
    if (!body) throw new ConfigurationError({ where: 'activation', expected: `one of ${Object.keys(activations).join(', ')}`, got: String(f), fix: 'Or pass a formula: (x) => x.mul(sigmoid(x)).' })
    return new Activation(signal, body, context)
  },
})
