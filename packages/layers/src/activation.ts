import type { Backend } from '@recurra/backend'
import { differentiate, input, outputsOf, passesOf, type Expression, type Passes } from '@recurra/formula'
import { asRows, ConfigurationError, describeValue, didYouMean, options, type Tensor } from '@recurra/tensor'
import {
  activationOptions,
  activations,
  featuresActivations,
  type ActivationName,
  type ActivationOptions,
  type FeaturesActivationName,
} from './activations.ts'
import { expectPlan } from './expect-plan.ts'
import { features, KernelLayer, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape, type Same } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, wantsGradient, type Wire } from './variable.ts'

/** y = f(x), with the derivative worked out by the formula package. */
export class Activation extends KernelLayer {
  readonly type = 'activation'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  /** The formula of one element, which may look at the others of its row by their mean or sum of exponentials. */
  readonly f: (x: Expression) => Expression
  readonly #inference: Passes
  readonly #forward: Passes
  readonly #backward: Passes
  readonly #saved: readonly string[]

  constructor(signal: Signal, f: (x: Expression) => Expression, { backend }: BuildContext) {
    super()
    this.in = signal
    this.out = signal
    this.backend = backend
    this.f = f
    // The input is in memory: reading it again is cheaper than saving what lies between. One number a row is saved.
    const { outputs, saved, gradients } = differentiate({ y: f(input('x')) }, ['x'], { save: false })
    this.#saved = Object.keys(saved)
    this.#inference = passesOf(outputsOf(outputs))
    this.#forward = passesOf(outputsOf({ ...outputs, ...saved }))
    this.#backward = passesOf(outputsOf({ dx: gradients['x']! }))
  }

  /**
   * @throws `ShapeError` if the wire is not of this call shape.
   * @throws `ConfigurationError` if the call shape is not one.
   */
  plan(wire: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, wire, callShape)
    const { backend } = this
    const training = callShape.mode === 'training'
    const y = variable(backend, wire.value.shape, training)
    const x: Tensor = features(wire)
    const [ahead, back] = [training ? this.#forward : this.#inference, this.#backward]
    const [rows, width] = x.shape as [number, number]
    const columns = backend.zeros([])
    backend.write(columns, [width])
    const perRow = new Set([...(training ? this.#saved : []), ...ahead.means, ...back.means])
    const memory = Object.fromEntries([...perRow].map((name) => [name, backend.zeros([rows])]))
    const operands: { [name: string]: Tensor } = { ...memory, columns, x, y: asRows(y.value), 'y.y': asRows(y.value) }
    const kernels = ({ programs }: Passes): KernelFrame['ahead'] =>
      programs.map((program) => backend.formula(program, operands))
    const frame = { x: wire, y, callShape, initial: {}, final: {}, ahead: kernels(ahead) }
    if (!training || !wantsGradient(wire)) return { ...frame, back: [] }
    operands['d.y'] = asRows(y.grad)
    operands['dx'] = asRows(wire.grad)
    return { ...frame, back: kernels(back) }
  }
}

/** What `activation` knows by name. */
const named: Readonly<Record<string, (x: Expression, options?: ActivationOptions) => Expression>> = {
  ...activations,
  ...featuresActivations,
}

/**
 * A function of each element, by name (see `ActivationName`) or as a formula of your own: `activation((x) =>
 * x.mul(sigmoid(x)))`; and softmax and log-softmax over the features of each step. Shapes stay.
 *
 * ```ts
 * import { activation, dense, sequential, sigmoid, vector } from 'recurra'
 *
 * const own = activation((x) => x.mul(sigmoid(x)))
 * const model = sequential(vector(2), [dense(8), activation('leakyRelu', { negativeSlope: 0.2 }), dense(8), own])
 * console.log(model.out) // { kind: 'vector', size: 8 }
 * ```
 * @throws `ConfigurationError` if there is none of that name, or an option is not known, or does not fit.
 */
export const activation = (
  f: ActivationName | FeaturesActivationName | ((x: Expression) => Expression),
  given?: ActivationOptions,
): Blueprint<Sequence | Vector, Same, {}> => {
  const body = typeof f === 'function' ? f : Object.hasOwn(named, f) ? named[f]! : undefined
  if (!body)
    throw new ConfigurationError({
      where: 'activation',
      expected: `one of ${Object.keys(named).join(', ')}, or a formula`,
      got: describeValue(f),
      fix:
        (typeof f === 'string' ? didYouMean(f, Object.keys(named)) : '') +
        'A formula is (x) => x.mul(sigmoid(x)), say.',
    })
  const name = typeof f === 'string' ? f : 'custom'
  const own: ActivationOptions = Object.fromEntries(
    Object.entries(options(`activation ${name}`, given, activationOptions(name))).filter(
      ([, value]) => value !== undefined,
    ),
  )
  const { min = -1, max = 1 } = own
  if (min > max)
    throw new ConfigurationError({
      where: `activation ${name}`,
      expected: 'a min of at most max',
      got: `min ${min}, max ${max}`,
      fix: 'Exchange them.',
    })
  return {
    type: 'activation',
    options: { function: name, ...own },
    build: (signal, context) => {
      expectSignal(signal, ['sequence', 'vector'], whereOf('activation', context))
      return new Activation(signal, (x) => body(x, own), context)
    },
  }
}

/**
 * eˣ / Σ eˣ over the features of each step, without overflow (PyTorch's Softmax over the last axis). Losses take
 * logits: `softmaxCrossEntropy` does this itself.
 *
 * ```ts
 * import { sequential, softmax, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [softmax()])
 * console.log(model.backend.read(model.stream().step([3, 3]))) // [0.5, 0.5]
 * ```
 */
export const softmax = (): Blueprint<Sequence | Vector, Same, {}> => activation('softmax')

/**
 * log(eˣ / Σ eˣ) over the features of each step, without overflow (PyTorch's LogSoftmax over the last axis): what
 * `negativeLogLikelihood` and `klDivergence` take.
 *
 * ```ts
 * import { logSoftmax, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [logSoftmax()])
 * console.log(model.backend.read(model.stream().step([3, 3]))[0]!.toFixed(4)) // -0.6931
 * ```
 */
export const logSoftmax = (): Blueprint<Sequence | Vector, Same, {}> => activation('logSoftmax')
