import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, formula, max, select, sqrt, square, sumOverAll, sumOverRows, type Program,
} from '@recurra/formula'
import { asRows, option, options, reversed, type Tensor } from '@recurra/tensor'
import { defineLayer, type PlannedCall } from './define-layer.ts'
import type { CallShape } from './frame.ts'
import { buffer, parameter } from './initializers/parameter.ts'
import { features, gradientRows, rowMask, withoutPadding } from './kernels.ts'
import type { Blueprint, Same } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { requiresGradient, variable, type Variable, type Wire } from './variable.ts'

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** Added to the variance. Default: 1e-5, as in PyTorch; Keras has 1e-3. */
  readonly epsilon?: number
  /**
   * The weight of the new batch in the running statistics, as in PyTorch: running = (1 - momentum) · running + momentum
   * · batch. Keras' momentum is 1 minus this. Default: 0.1, as in PyTorch.
   */
  readonly momentum?: number
  /** Whether to learn a scale and a shift for each feature. Default: true. */
  readonly affine?: boolean
}

/** Sums over the real rows alone: those of padding hold 0, or are left out by the mask. */
const countOf = formula({ element: ['mask'] }, ({ mask }) => ({ count: sumOverAll(mask) }))
const meanOf = formula({ element: ['x'], row: ['mask'], scalar: ['count'] }, ({ x, mask, count }) => ({
  mean: sumOverRows(select(mask, x.div(count), 0)),
}))
const varianceOf = formula({ element: ['x'], column: ['mean'], row: ['mask'], scalar: ['count'] },
  ({ x, mean, mask, count }) => ({ variance: sumOverRows(select(mask, square(x.sub(mean)), 0).div(count)) }))
const normalize = formula(
  { element: ['x'], column: ['mean', 'variance', 'scale', 'shift'], scalar: ['epsilon'] },
  ({ x, mean, variance, scale, shift, epsilon }) => {
    const normal = x.sub(mean).div(sqrt(variance.add(epsilon)))
    return { normal, y: normal.mul(scale).add(shift) }
  },
)
const gradients = formula(
  { element: ['dy', 'normal'], column: ['scale'], scalar: ['count'] },
  ({ dy, normal, scale, count }) => ({
    'd.scale': accumulate(sumOverRows(dy.mul(normal))),
    'd.shift': accumulate(sumOverRows(dy)),
    pull: sumOverRows(dy.mul(scale).div(count)),
    turn: sumOverRows(dy.mul(scale).mul(normal).div(count)),
  }),
)
const backward = formula(
  { element: ['dy', 'normal'], column: ['variance', 'scale', 'pull', 'turn'], scalar: ['epsilon'] },
  ({ dy, normal, variance, scale, pull, turn, epsilon }) => ({
    dx: dy.mul(scale).sub(pull).sub(normal.mul(turn)).div(sqrt(variance.add(epsilon))),
  }),
)
/** The variance that is kept is that of the population, whose best estimate divides by one less. */
const follow = formula(
  { element: ['mean', 'variance', 'runningMean', 'runningVariance'], scalar: ['count', 'momentum'] },
  ({ mean, variance, runningMean, runningVariance, count, momentum }) => ({
    runningMean: runningMean.add(momentum.mul(mean.sub(runningMean))),
    runningVariance: runningVariance.add(
      momentum.mul(variance.mul(count).div(max(count.sub(1), 1)).sub(runningVariance)),
    ),
  }),
)

/**
 * Batch normalization of each feature over all real steps of all sequences (Ioffe and Szegedy 2015): (x - mean) /
 * √(variance + ε) · scale + shift, as Keras' BatchNormalization and PyTorch's BatchNorm1d. The output has the shape of
 * the input. Padded and masked steps do not count.
 *
 * In training, mean and variance are those of the batch. At inference, and in streams, they are running statistics:
 * `runningMean` and `runningVariance` [features], parameters that no optimizer changes. Each training step that
 * succeeds moves them towards those of its batch, with the unbiased variance, as in PyTorch.
 *
 * ```ts
 * import { batchNorm, convolution, dense, gru, sequential } from 'recurra'
 *
 * const model = sequential(4, [convolution(16, { kernel: 3, padding: 'causal' }), batchNorm(), gru(16), dense(2)])
 * console.log(Object.keys(model.layers[1]!.params)) // ['scale', 'shift', 'runningMean', 'runningVariance']
 * ```
 * @throws `ConfigurationError` if ε or the momentum lies outside [0, 1], or an option is unknown or invalid.
 */
export const batchNorm = (given?: BatchNormOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const { epsilon, momentum, affine } = options('batchNorm', given, {
    epsilon: option.within(0, 1)(1e-5), momentum: option.within(0, 1)(0.1), affine: option.flag(true),
  })
  return defineLayer({
    type: 'batchNorm',
    options: { epsilon, momentum, ...(!affine && { affine }) },
    accepts: ['sequence', 'vector'],
    build(input, context) {
      const { backend } = context
      const learned = affine ? parameter : buffer
      const [scale, shift] = [learned([input.size], 1, context), learned([input.size], 0, context)]
      const running = {
        runningMean: buffer([input.size], 0, context), runningVariance: buffer([input.size], 1, context),
      }
      return {
        out: input,
        params: { ...(affine && { scale, shift }), ...running },
        segmentable: false, // the statistics are of all steps
        plan: (x, callShape) =>
          planNorm(backend, { x, scale, shift, epsilon, momentum, ...running }, callShape),
      }
    },
  })
}

/** The operands of the normalization. */
interface Norm {
  readonly x: Wire
  readonly scale: Variable
  readonly shift: Variable
  readonly runningMean: Variable
  readonly runningVariance: Variable
  readonly epsilon: number
  readonly momentum: number
}

const planNorm = (backend: Backend, norm: Norm, callShape: CallShape): PlannedCall => {
  const { x: wire, scale, shift, runningMean, runningVariance } = norm
  const training = callShape.mode === 'training'
  const y = variable(backend, wire.value.shape, training)
  const { x, clean } = withoutPadding(backend, features(wire), callShape)
  const [rows, size] = x.shape as [number, number]
  const filled = (shape: readonly number[], value: number): Tensor => {
    const made = backend.zeros(shape)
    backend.write(made, new Float64Array(rows).fill(value).subarray(0, shape[0] ?? 1))
    return made
  }
  const own = { x, normal: backend.zeros(x.shape), y: asRows(y.value), scale: scale.value, shift: shift.value }
  const epsilon = filled([], norm.epsilon)
  const run = (program: Program, operands: { readonly [name: string]: Tensor }): Kernel =>
    backend.formula(program, operands)
  if (!training) {
    const statistics = { mean: runningMean.value, variance: runningVariance.value }
    return { y, pass: passOf([...clean, run(normalize, { ...own, ...statistics, epsilon })]) }
  }
  const [mean, variance, pull, turn] = Array.from({ length: 4 }, () => backend.zeros([size])) as Tensor[]
  const given = rowMask(callShape)
  const operands = {
    ...own, epsilon, mean: mean!, variance: variance!, pull: pull!, turn: turn!,
    count: filled([], rows), mask: given ?? filled([rows], 1), momentum: filled([], norm.momentum),
  }
  const { x: dy, clean: cleanGradient } = gradientRows(backend, y, callShape)
  const gradientOf = ({ trainable, grad }: Variable): Tensor => trainable === false ? backend.zeros([size]) : grad
  const back = {
    ...operands, dy: reversed(dy), normal: reversed(own.normal),
    'd.scale': gradientOf(scale), 'd.shift': gradientOf(shift),
  }
  const dx = requiresGradient(wire) ? [run(backward, { ...operands, dy, dx: asRows(wire.grad) })] : []
  const statistics = {
    mean: asRows(mean!), variance: asRows(variance!),
    runningMean: asRows(runningMean.value), runningVariance: asRows(runningVariance.value),
  }
  return {
    y,
    pass: passOf(
      [
        ...clean, ...(given ? [run(countOf, { mask: asRows(given), count: operands.count })] : []),
        run(meanOf, operands), run(varianceOf, operands), run(normalize, operands),
      ],
      [...cleanGradient, run(gradients, back), ...dx],
    ),
    commit: run(follow, { ...operands, ...statistics }),
  }
}
