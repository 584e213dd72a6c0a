import type { Expression } from '@recurra/formula'
import { ConfigurationError, describeValue, didYouMean, expectNoMore, options } from '@recurra/tensor'
import {
  activationOptions, activations, featuresActivations, type ActivationName, type ActivationOptions,
  type FeaturesActivationName,
} from './activations.ts'
import { defineLayer, type BuiltLayer } from './define-layer.ts'
import { elementWisePlan, type Activation } from './element-wise-layer.ts'
import type { Blueprint, Same } from './layer.ts'
import type { Sequence, Vector } from './signal.ts'

/** The functions that `activation` knows by name. */
const named: Readonly<Record<string, (x: Expression, options?: ActivationOptions) => Expression>> = {
  ...activations,
  ...featuresActivations,
}

/**
 * A function of each element, by name (see `ActivationName`) or as a formula of your own:
 * `activation((x) => x.mul(sigmoid(x)))`; and softmax and log-softmax over the features of each step. The output has
 * the shape of the input. For a formula with learned parameters, see `elementWiseLayer`.
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
      return { out: input, f, plan: elementWisePlan(f, backend) }
    },
  })
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
