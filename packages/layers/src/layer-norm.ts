import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, formula, sqrt, square, sumOverColumns, sumOverRows, type Program } from '@recurra/formula'
import { asRows, option, options, reversed, type Tensor } from '@recurra/tensor'
import { defineLayer, type PlannedCall } from './define-layer.ts'
import type { CallShape } from './frame.ts'
import { features, gradientRows, withoutPadding } from './kernels.ts'
import type { Blueprint, Same } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { variable, zeroParameter, requiresGradient, type Variable, type Wire } from './variable.ts'

// Two passes, because the one-pass variance E[x²] - E[x]² loses all digits near 1e6.
const meanOf = formula({ element: ['x'], scalar: ['size'] }, ({ x, size }) => ({ mean: sumOverColumns(x.div(size)) }))
const varianceOf = formula({ element: ['x'], row: ['mean'], scalar: ['size'] }, ({ x, mean, size }) => ({
  variance: sumOverColumns(square(x.sub(mean)).div(size)),
}))
const normalize = formula(
  { element: ['x'], row: ['mean', 'variance'], column: ['scale', 'shift'], scalar: ['epsilon'] },
  ({ x, mean, variance, scale, shift, epsilon }) => {
    const normal = x.sub(mean).div(sqrt(variance.add(epsilon)))
    return { normal, y: normal.mul(scale).add(shift) }
  },
)
const gradients = formula(
  { element: ['dy', 'normal'], column: ['scale'], scalar: ['size'] },
  ({ dy, normal, scale, size }) => ({
    'd.scale': accumulate(sumOverRows(dy.mul(normal))),
    'd.shift': accumulate(sumOverRows(dy)),
    pull: sumOverColumns(dy.mul(scale).div(size)),
    turn: sumOverColumns(dy.mul(scale).mul(normal).div(size)),
  }),
)
// Written by hand: the derived gradient loses all digits where the features of a row are nearly alike.
const backward = formula(
  { element: ['dy', 'normal'], row: ['variance', 'pull', 'turn'], column: ['scale'], scalar: ['epsilon'] },
  ({ dy, normal, variance, pull, turn, scale, epsilon }) => ({
    dx: dy.mul(scale).sub(pull).sub(normal.mul(turn)).div(sqrt(variance.add(epsilon))),
  }),
)

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** Added to the variance. Default: 1e-5, as in PyTorch. */
  readonly epsilon?: number
  /** Whether to learn a scale and a shift for each feature (PyTorch's elementwise_affine). Default: true. */
  readonly affine?: boolean
  /** Whether to learn a shift in addition to the scale (PyTorch's bias). Default: true. */
  readonly bias?: boolean
}

/**
 * Layer normalization over the features of each row (Ba et al. 2016): (x - mean) / √(variance + ε) · scale + shift. The
 * output has the shape of the input.
 *
 * ```ts
 * import { layerNorm, sequential } from 'recurra'
 *
 * const model = sequential(2, [layerNorm()])
 * console.log([...model.backend.read(model.stream().step([3, 5]))].map(Math.round)) // [-1, 1]
 * ```
 * With `affine: false` there are no parameters, and with `bias: false` there is no shift (PyTorch's elementwise_affine
 * and bias).
 * @throws `ConfigurationError` if ε lies outside [0, 1], or an option is unknown or invalid.
 */
export const layerNorm = (given?: LayerNormOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const checked = options('layerNorm', given, {
    epsilon: option.within(0, 1)(1e-5),
    affine: option.flag(true),
    bias: option.flag(true),
  })
  const { epsilon, affine, bias } = checked
  return defineLayer({
    type: 'layerNorm',
    options: { epsilon, ...(!affine && { affine }), ...(!bias && { bias }) },
    accepts: ['sequence', 'vector'],
    build(input, { backend, sizeLimit, where }) {
      sizeLimit?.reserve(2 * input.size, where)
      // Without parameters, the scale is 1 and the shift 0.
      const [scale, shift] = [zeroParameter(backend, [input.size]), zeroParameter(backend, [input.size])]
      backend.write(scale.value, Array.from({ length: input.size }, () => 1))
      return {
        out: input,
        params: { ...(affine && { scale }), ...(affine && bias && { shift }) },
        plan: (x, callShape) => planNorm(backend, { x, scale, shift, epsilon }, callShape),
      }
    },
  })
}

/** The operands of the normalization. */
interface Norm {
  readonly x: Wire
  readonly scale: Variable
  readonly shift: Variable
  readonly epsilon: number
}

const planNorm = (backend: Backend, { x: wire, scale, shift, epsilon }: Norm, callShape: CallShape): PlannedCall => {
  const training = callShape.mode === 'training'
  const y = variable(backend, wire.value.shape, training)
  const { x, clean } = withoutPadding(backend, features(wire), callShape)
  const { x: dy, clean: cleanGradient } = gradientRows(backend, y, callShape)
  const [mean, variance, pull, turn] = Array.from({ length: 4 }, () => backend.zeros([x.shape[0]!]))
  const scalar = (value: number): Tensor => {
    const made = backend.zeros([])
    backend.write(made, [value])
    return made
  }
  const normal = backend.zeros(x.shape)
  const operands = {
    x, mean: mean!, variance: variance!, pull: pull!, turn: turn!,
    normal, size: scalar(x.shape[1]!), epsilon: scalar(epsilon),
    scale: scale.value, shift: shift.value, y: asRows(y.value),
    ...(training && { dy, 'd.scale': scale.grad, 'd.shift': shift.grad, dx: asRows(wire.grad) }),
  }
  const run = (program: Program, on = operands): Kernel => backend.formula(program, on)
  const fromLast = {
    ...operands, dy: reversed(dy), normal: reversed(normal), pull: reversed(pull!), turn: reversed(turn!),
  }
  return {
    y,
    pass: passOf(
      [...clean, run(meanOf), run(varianceOf), run(normalize)],
      training
        ? [...cleanGradient, run(gradients, fromLast), ...(requiresGradient(wire) ? [run(backward)] : [])]
        : [],
    ),
  }
}
