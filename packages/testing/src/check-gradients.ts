import { namedVariables, trainableVariables, type Layer } from '@recurra/layers/authoring'
import { Random, sizeOf, type Tensor } from '@recurra/tensor'
import { sampleOf } from './sample.ts'
import { Trial } from './trial.ts'

/** Options of `checkGradients`. */
export interface GradientOptions {
  /** The length of each sequence in the batch; shorter ones are padded with NaN. Default: `[4, 4, 4]`. */
  readonly lengths?: readonly number[]
  /** Inputs are drawn from ±scale. Default: 1. */
  readonly scale?: number
  /**
   * Same seed, same numbers. Choose another one if a kink, such as that of relu, lies within a difference. Default: 1.
   */
  readonly seed?: number
  /**
   * The generator that the layer draws from, so that dropout draws the same mask each time. Default: the layer's own
   * generator.
   */
  readonly random?: Random | undefined
}

/** The element whose gradient differs most from the finite difference. */
export interface GradientReport {
  /** E.g. `recurrentWeight[7]`, `x[3]` or `initial.h[0]`. */
  readonly where: string
  /** The gradient from `backward`. */
  readonly gradient: number
  /** The finite difference. */
  readonly difference: number
  /** Their distance, relative to the larger of 1 and the difference. */
  readonly error: number
  /** How many elements were checked. */
  readonly count: number
}

const step = 1e-3

/**
 * Checks every gradient of a layer against fourth-order finite differences of sum(y · dy) + sum(final · dFinal): the
 * gradients of its input, its source, all parameters, and its initial states. Build the layer on a float64 backend: the
 * error of a correct layer stays below 1e-8.
 *
 * ```ts
 * import { javascript } from '@recurra/backend'
 * import { sequence } from '@recurra/layers'
 * import { lstm } from '@recurra/rnn'
 * import { Random } from '@recurra/tensor'
 * import { checkGradients } from '@recurra/testing'
 *
 * const layer = lstm(3).build(sequence(2), { backend: javascript({ dtype: 'float64' }), random: new Random(1) })
 * const { where, error } = checkGradients(layer, { lengths: [2, 4, 1] })
 * console.log(`${where} is off by ${error}`)
 * ```
 */
export const checkGradients = (
  layer: Layer,
  { lengths = [4, 4, 4], scale = 1, seed = 1, random }: GradientOptions = {},
): GradientReport => {
  const { backend } = layer
  const drawing = new Random(seed)
  const trial = new Trial(layer, lengths.map((length) => sampleOf(layer, length, drawing, scale)), { random }).run()
  const { frame, source } = trial

  let report: GradientReport = { where: 'nothing', gradient: 0, difference: 0, error: 0, count: 0 }
  const check = (name: string, value: Tensor, grad: Tensor): void => {
    const [numbers, gradients] = [backend.read(value), backend.read(grad)]
    const moved = numbers.slice()
    numbers.forEach((number, i) => {
      if (Number.isNaN(number)) return // padding
      const lossAt = (distance: number): number => {
        moved[i] = number + distance
        backend.write(value, moved)
        trial.forward()
        return trial.loss()
      }
      const difference = (8 * (lossAt(step) - lossAt(-step)) - (lossAt(2 * step) - lossAt(-2 * step))) / (12 * step)
      moved[i] = number
      const gradient = gradients[i]!
      const distance = Math.abs(gradient - difference) / Math.max(1, Math.abs(difference))
      const error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
      report =
        error > report.error ? { where: `${name}[${i}]`, gradient, difference, error, count: report.count } : report
      report = { ...report, count: report.count + 1 }
    })
    backend.write(value, numbers)
  }

  if (sizeOf(frame.x.grad.shape) > 0) check('x', frame.x.value as Tensor, frame.x.grad)
  if (source && sizeOf(source.y.grad.shape) > 0) check('source', source.y.value as Tensor, source.y.grad)
  for (const [name, { value, grad }] of trainableVariables(layer.params)) check(name, value, grad)
  for (const [name, { value, grad }] of namedVariables(frame.initial)) check(`initial.${name}`, value, grad)
  return report
}
