import type { Backend, Kernel } from '@recurra/backend'
import { differentiate, input, outputsOf, passesOf, type Expression, type FormulaPasses } from '@recurra/formula'
import {
  asRows, ConfigurationError, describeValue, didYouMean, expectNoMore, options, type Tensor,
} from '@recurra/tensor'
import {
  activationOptions, activations, featuresActivations, type ActivationName, type ActivationOptions,
  type FeaturesActivationName,
} from './activations.ts'
import { defineLayer, type BuiltLayer } from './define-layer.ts'
import { features } from './kernels.ts'
import type { Blueprint, Layer, Same } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { variable, requiresGradient } from './variable.ts'

/** An element-wise layer, y = f(x), as `activation` creates it. */
export interface Activation extends Layer {
  /** The formula for one element. It may read means, sums and maxima over the row. */
  readonly f: (x: Expression) => Expression
}

/** The functions that `activation` knows by name. */
const named: Readonly<Record<string, (x: Expression, options?: ActivationOptions) => Expression>> = {
  ...activations,
  ...featuresActivations,
}

/**
 * A function of each element, by name (see `ActivationName`) or as a formula of your own:
 * `activation((x) => x.mul(sigmoid(x)))`; and softmax and log-softmax over the features of each step. The output has
 * the shape of the input.
 *
 * ```ts
 * import { activation, dense, sequential, sigmoid, vector } from 'recurra'
 *
 * const own = activation((x) => x.mul(sigmoid(x)))
 * const model = sequential(vector(2), [dense(8), activation('leakyRelu', { negativeSlope: 0.2 }), dense(8), own])
 * console.log(model.out) // { kind: 'vector', size: 8 }
 * ```
 * @throws `ConfigurationError` if the name is unknown, or an option is unknown or invalid.
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
  return defineLayer({
    type: 'activation',
    options: { function: name, ...own },
    accepts: ['sequence', 'vector'],
    build: (input, { backend }): BuiltLayer & Pick<Activation, 'f'> => {
      const f = (x: Expression): Expression => body(x, own)
      return { out: input, f, plan: activationPlan(f, backend) }
    },
  })
}

/** Derives the derivative of a formula, and returns the function that binds both to a call. */
const activationPlan = (f: Activation['f'], backend: Backend): BuiltLayer['plan'] => {
  // The input is still in memory: reading it again is cheaper than saving intermediate values. Only row sums are saved.
  const { outputs, saved, gradients } = differentiate({ y: f(input('x')) }, ['x'], { save: false })
  const inference = passesOf(outputsOf(outputs))
  const training = passesOf(outputsOf({ ...outputs, ...saved }))
  const gradient = passesOf(outputsOf({ dx: gradients['x']! }))
  return (wire, { mode }) => {
    const y = variable(backend, wire.value.shape, mode === 'training')
    const x: Tensor = features(wire)
    const forward = mode === 'training' ? training : inference
    const [rows, width] = x.shape as [number, number]
    const columns = backend.zeros([])
    backend.write(columns, [width])
    const perRow = [...(mode === 'training' ? Object.keys(saved) : []), ...forward.means, ...gradient.means]
    const operands: { [name: string]: Tensor } = {
      ...Object.fromEntries([...new Set(perRow)].map((name) => [name, backend.zeros([rows])])),
      columns, x, y: asRows(y.value), 'y.y': asRows(y.value),
    }
    const kernels = ({ programs }: FormulaPasses): Kernel[] =>
      programs.map((program) => backend.formula(program, operands))
    if (mode === 'inference' || !requiresGradient(wire)) return { y, pass: passOf(kernels(forward)) }
    operands['d.y'] = asRows(y.grad)
    operands['dx'] = asRows(wire.grad)
    return { y, pass: passOf(kernels(forward), kernels(gradient)) }
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
 * @throws `ConfigurationError` if there is an argument.
 */
export const softmax = (...others: readonly never[]): Blueprint<Sequence | Vector, Same, {}> => {
  expectNoMore(others, 'softmax')
  return activation('softmax')
}

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
 * @throws `ConfigurationError` if there is an argument.
 */
export const logSoftmax = (...others: readonly never[]): Blueprint<Sequence | Vector, Same, {}> => {
  expectNoMore(others, 'logSoftmax')
  return activation('logSoftmax')
}
