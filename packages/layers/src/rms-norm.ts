import { input, meanOverColumns, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from './define-layer.ts'
import { elementWisePlan, type Activation } from './element-wise-layer.ts'
import { parameter } from './initializers/parameter.ts'
import type { Blueprint, Same } from './layer.ts'
import type { Sequence, Vector } from './signal.ts'

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** Added to the mean square. Default: 1e-6, as in Keras; PyTorch's default is the epsilon of the number type. */
  readonly epsilon?: number
  /** Whether to learn a scale for each feature (PyTorch's elementwise_affine). Default: true. */
  readonly affine?: boolean
}

/**
 * Root mean square normalization over the features of each row (Zhang and Sennrich 2019): x / √(mean(x²) + ε) · scale.
 * Unlike `layerNorm` it does not subtract the mean. The output has the shape of the input; scale is [features].
 *
 * ```ts
 * import { rmsNorm, sequential } from 'recurra'
 *
 * const model = sequential(2, [rmsNorm()])
 * console.log([...model.backend.read(model.stream().step([1, 7]))].map((y) => y.toFixed(1))) // ['0.2', '1.4']
 * ```
 * @throws `ConfigurationError` if ε lies outside [0, 1], or an option is unknown or invalid.
 */
export const rmsNorm = (given?: RmsNormOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const { epsilon, affine } = options('rmsNorm', given, {
    epsilon: option.within(0, 1)(1e-6), affine: option.flag(true),
  })
  const f: Activation['f'] = (x) => {
    const normal = x.div(sqrt(meanOverColumns(square(x)).add(epsilon)))
    return affine ? normal.mul(input('param.scale', 'column')) : normal
  }
  return defineLayer({
    type: 'rmsNorm',
    options: { epsilon, ...(!affine && { affine }) },
    accepts: ['sequence', 'vector'],
    build(signal, context): BuiltLayer & Pick<Activation, 'f'> {
      const params = { ...(affine && { scale: parameter([signal.size], 1, context) }) }
      return { out: signal, params, f, plan: elementWisePlan(f, context.backend, params) }
    },
  })
}
