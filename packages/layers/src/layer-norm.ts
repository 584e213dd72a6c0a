import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, formula, sqrt, square, sumOverColumns, sumOverRows } from '@recurra/formula'
import { asRows, option, options } from '@recurra/tensor'
import { expectPlan } from './expect-plan.ts'
import { features, KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape, type Same } from './layer.ts'
import { expectSignal, type Sequence, type Signal, type Vector } from './signal.ts'
import { variable, type Variable, type Wire } from './variable.ts'

// Two passes, because the one-pass variance E[x²] - E[x]² loses all digits near 1e6.
const meanOf = formula({ each: ['x'], scalar: ['size'] }, ({ x, size }) => ({ mean: sumOverColumns(x.div(size)) }))
const varianceOf = formula({ each: ['x'], row: ['mean'], scalar: ['size'] }, ({ x, mean, size }) => ({
  variance: sumOverColumns(square(x.sub(mean)).div(size)),
}))
const normalize = formula(
  { each: ['x'], row: ['mean', 'variance'], unit: ['scale', 'shift'], scalar: ['epsilon'] },
  ({ x, mean, variance, scale, shift, epsilon }) => {
    const normal = x.sub(mean).div(sqrt(variance.add(epsilon)))
    return { normal, y: normal.mul(scale).add(shift) }
  },
)
const gradients = formula(
  { each: ['dy', 'normal'], unit: ['scale'], scalar: ['size'] },
  ({ dy, normal, scale, size }) => ({
    'd.scale': accumulate(sumOverRows(dy.mul(normal))),
    'd.shift': accumulate(sumOverRows(dy)),
    pull: sumOverColumns(dy.mul(scale).div(size)),
    turn: sumOverColumns(dy.mul(scale).mul(normal).div(size)),
  }),
)
const backward = formula(
  { each: ['dy', 'normal'], row: ['variance', 'pull', 'turn'], unit: ['scale'], scalar: ['epsilon'] },
  ({ dy, normal, variance, pull, turn, scale, epsilon }) => ({
    dx: dy
      .mul(scale)
      .sub(pull)
      .sub(normal.mul(turn))
      .div(sqrt(variance.add(epsilon))),
  }),
)

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** Added to the variance. Default: 1e-5, as PyTorch. */
  readonly epsilon?: number
  /** Whether it learns a scale and a shift for each feature (PyTorch's elementwise_affine). Default: true. */
  readonly affine?: boolean
  /** Whether it learns a shift, where it learns a scale. Default: true. */
  readonly bias?: boolean
}

class LayerNorm extends KernelLayer {
  readonly type = 'layerNorm'
  readonly in: Signal
  readonly out: Signal
  readonly backend: Backend
  override readonly params: { readonly scale?: Variable; readonly shift?: Variable }
  readonly #epsilon: number
  readonly #scale: Variable
  readonly #shift: Variable

  constructor(
    signal: Signal,
    { epsilon, affine, bias }: Required<LayerNormOptions>,
    { backend, room, where = 'layerNorm' }: BuildContext,
  ) {
    super()
    room?.take(2 * signal.size, where)
    this.in = signal
    this.out = signal
    this.backend = backend
    this.#epsilon = epsilon
    const [scale, shift] = [variable(backend, [signal.size]), variable(backend, [signal.size])]
    this.#scale = scale // what is not learned stays 1 and 0
    this.#shift = shift
    this.params = { ...(affine && { scale }), ...(affine && bias && { shift }) }
    backend.write(scale.value, Array.from({ length: signal.size }, () => 1))
  }

  plan(wire: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, wire, callShape)
    const { backend } = this
    const training = callShape.mode === 'training'
    const y = variable(backend, wire.value.shape, training)
    const { x, clean } = withoutPadding(backend, features(wire), callShape)
    const perRow = (): Wire['grad'] => backend.zeros([x.shape[0]!])
    const [mean, variance, pull, turn] = [perRow(), perRow(), perRow(), perRow()]
    const [normal, size, epsilon] = [backend.zeros(x.shape), backend.zeros([]), backend.zeros([])]
    backend.write(size, [x.shape[1]!])
    backend.write(epsilon, [this.#epsilon])
    const scale = this.#scale.value
    const ahead = [
      ...clean,
      backend.formula(meanOf, { x, size, mean }),
      backend.formula(varianceOf, { x, mean, size, variance }),
      backend.formula(normalize, {
        x, mean, variance, scale, shift: this.#shift.value, epsilon, normal, y: asRows(y.value),
      }),
    ]
    const back: Kernel[] = []
    if (training) {
      const { x: dy, clean } = withoutPadding(backend, asRows(y.grad), callShape)
      back.push(...clean, backend.formula(gradients, {
        dy, normal, scale, size, 'd.scale': this.#scale.grad, 'd.shift': this.#shift.grad, pull, turn,
      }))
      const dx = asRows(wire.grad)
      if (wire.grad.shape[0] !== 0)
        back.push(backend.formula(backward, { dy, normal, variance, pull, turn, scale, epsilon, dx }))
    }
    return { x: wire, y, callShape, initial: {}, final: {}, ahead, back }
  }
}

/**
 * (x - mean) / √(variance + ε) · scale + shift over the features of each row (Ba et al. 2016). Shapes stay.
 *
 * ```ts
 * import { layerNorm, sequential } from 'recurra'
 *
 * const model = sequential(2, [layerNorm()])
 * console.log([...model.backend.read(model.stream().step([3, 5]))].map(Math.round)) // [-1, 1]
 * ```
 * With `affine: false` it learns nothing, and with `bias: false` no shift (PyTorch's elementwise_affine and bias).
 * @throws `ConfigurationError` if ε lies outside [0, 1], or an option is not known, or does not fit.
 */
export const layerNorm = (given?: LayerNormOptions): Blueprint<Sequence | Vector, Same, {}> => {
  const checked = options('layerNorm', given, {
    epsilon: option.within(0, 1)(1e-5),
    affine: option.flag(true),
    bias: option.flag(true),
  })
  const { epsilon, affine, bias } = checked
  return {
    type: 'layerNorm',
    options: { epsilon, ...(!affine && { affine }), ...(!bias && { bias }) },
    build: (signal, context) => {
      expectSignal(signal, ['sequence', 'vector'], whereOf('layerNorm', context))
      return new LayerNorm(signal, checked, context)
    },
  }
}
