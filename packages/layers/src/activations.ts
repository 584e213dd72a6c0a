import {
  abs, erf, exp, expm1, logSoftmaxOverColumns, max, min, relu, select, sigmoid, softmaxOverColumns, softplus, tanh,
  type Expression,
} from '@recurra/formula'
import { option, type Option } from '@recurra/tensor'

/**
 * Element-wise functions that have a name. `'silu'` is x·sigmoid(x) (Elfwing et al. 2018), `'gelu'` x·Φ(x) and
 * `'geluTanh'` its form with tanh (Hendrycks and Gimpel 2016), `'softplus'` log(1 + eˣ) (Dugas et al. 2001),
 * `'logSigmoid'` log(sigmoid(x)), `'elu'` x above 0, else alpha·(eˣ - 1) (Clevert et al. 2016), `'selu'` the same
 * scaled (Klambauer et al. 2017), `'leakyRelu'` x above 0, else negativeSlope·x, `'hardtanh'` x within [min, max], else
 * the nearer end, `'hardSigmoid'` min(6, max(0, x + 3)) / 6, `'hardSwish'` x·hardSigmoid(x) (Howard et al. 2019),
 * `'mish'` x·tanh(softplus(x)) (Misra 2020), `'softsign'` x / (1 + |x|), all as in PyTorch. `'exponential'` is eˣ and
 * `'linear'` x, as in Keras. `'hardSigmoidKeras2'` is min(1, max(0, 0.2·x + 0.5)), the `hard_sigmoid` of Keras 1 and 2
 * and of TensorFlow.js.
 */
export type ActivationName =
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'silu'
  | 'gelu'
  | 'geluTanh'
  | 'softplus'
  | 'logSigmoid'
  | 'elu'
  | 'selu'
  | 'leakyRelu'
  | 'hardtanh'
  | 'hardSigmoid'
  | 'hardSigmoidKeras2'
  | 'hardSwish'
  | 'mish'
  | 'softsign'
  | 'exponential'
  | 'linear'

/**
 * Functions over the features of a step: `'softmax'` is eˣ / Σ eˣ, `'logSoftmax'` its logarithm, both without overflow.
 */
export type FeaturesActivationName = 'softmax' | 'logSoftmax'

/** Options of activations. The defaults are PyTorch's. */
export interface ActivationOptions {
  /** For `'elu'`: the negative limit is -alpha. Default: 1. */
  readonly alpha?: number
  /** For `'leakyRelu'`: the slope below 0. Default: 0.01. */
  readonly negativeSlope?: number
  /** For `'hardtanh'`: the minimum value. Default: -1. */
  readonly min?: number
  /** For `'hardtanh'`: the maximum value. Default: 1. */
  readonly max?: number
}

/** min(largest, max(0, x)), with a derivative of 0 at both ends, as in PyTorch: of equals, the second gets it. */
const clipped = (x: Expression, largest: number): Expression => min(max(x, 0), largest)

/** The same, with the derivative of x at both ends, as in TensorFlow.js. */
const clippedWithin = (x: Expression, largest: number): Expression => min(largest, max(0, x))

/** expm1 of a large x is infinite, and 0 · ∞ in the derivative is NaN. */
const below = (x: Expression): Expression => expm1(select(x, 0, x))

// Klambauer et al. 2017
const [seluAlpha, seluScale] = [1.6732632423543772, 1.0507009873554805]

/** The element-wise activations that have a name. */
export const activations: Readonly<Record<ActivationName, (x: Expression, options?: ActivationOptions) => Expression>> =
  {
    tanh: (x: Expression): Expression => tanh(x),
    sigmoid: (x: Expression): Expression => sigmoid(x),
    relu: (x: Expression): Expression => relu(x),
    silu: (x: Expression): Expression => x.mul(sigmoid(x)),
    gelu: (x: Expression): Expression => x.mul(erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5),
    geluTanh: (x: Expression): Expression => {
      const near = max(-20, min(20, x)) // beyond, tanh is ±1, and the cube of a large x infinite
      const cubic = near.add(near.mul(near).mul(near).mul(0.044715))
      return x.mul(tanh(cubic.mul(Math.sqrt(2 / Math.PI))).add(1)).mul(0.5)
    },
    softplus: (x: Expression): Expression => softplus(x),
    logSigmoid: (x: Expression): Expression => softplus(x.neg()).neg(),
    elu: (x: Expression, { alpha = 1 } = {}): Expression => select(x, x, below(x).mul(alpha)),
    selu: (x: Expression): Expression => select(x, x, below(x).mul(seluAlpha)).mul(seluScale),
    leakyRelu: (x: Expression, { negativeSlope = 0.01 } = {}): Expression => select(x, x, x.mul(negativeSlope)),
    hardtanh: (x: Expression, { min: least = -1, max: most = 1 } = {}): Expression =>
      select(x.sub(least), select(x.neg().add(most), x, most), least),
    hardSigmoid: (x: Expression): Expression => clipped(x.add(3), 6).div(6),
    hardSigmoidKeras2: (x: Expression): Expression => clippedWithin(x.mul(0.2).add(0.5), 1),
    hardSwish: (x: Expression): Expression => x.mul(clippedWithin(x.add(3), 6)).div(6),
    mish: (x: Expression): Expression => x.mul(tanh(softplus(x))),
    softsign: (x: Expression): Expression => x.div(abs(x).add(1)),
    exponential: (x: Expression): Expression => exp(x),
    linear: (x: Expression): Expression => x,
  }

/** The activations over all features of a step. */
export const featuresActivations: Readonly<Record<FeaturesActivationName, (x: Expression) => Expression>> = {
  softmax: (x: Expression): Expression => softmaxOverColumns(x),
  logSoftmax: (x: Expression): Expression => logSoftmaxOverColumns(x),
}

/** The options that an activation has. */
export const activationOptions = (name: string): { readonly [option: string]: Option<number | undefined> } => {
  if (name === 'elu') return { alpha: option.nonNegative() }
  if (name === 'leakyRelu') return { negativeSlope: option.finite() }
  return name === 'hardtanh' ? { min: option.finite(), max: option.finite() } : {}
}
