import { expectNoMore, options, ValueError, type Floats } from '@recurra/tensor'
import { clippingOf, lengthOption, type ClipFunction, type Gradient } from './clip.ts'

/**
 * Scales all gradients down together if their norm exceeds `norm` (Pascanu et al. 2013; PyTorch's clip_grad_norm_). `p`
 * chooses the norm: the sum of magnitudes (1), the Euclidean norm (2, the default) or the maximum magnitude (Infinity).
 *
 * ```ts
 * import { clipByNorm } from 'recurra'
 *
 * const gradients = [[3, 4], [12]]
 * console.log(clipByNorm(6.5)(gradients)) // 13
 * console.log(gradients.flat().map((g) => g.toFixed(2))) // ['1.50', '2.00', '6.00']
 * ```
 * @throws `ConfigurationError` if `norm` is not finite and above 0, or `p` is not 1, 2 or Infinity.
 * @throws `ValueError` when called, if a number is not finite.
 */
export const clipByNorm = (
  norm: number,
  given: {
    /** Which length: the sum of magnitudes (1), the Euclidean one (2), the largest magnitude (Infinity). Default: 2. */
    readonly p?: number
  } = {},
): ClipFunction => {
  const { p = 2 } = options('clipByNorm', given, { p: lengthOption })
  const clip = { norm, p }
  const { factor } = clippingOf(clip)
  return Object.assign((gradients: readonly Gradient[]) => {
    const length = lengthOf(gradients, p)
    const scale = factor!(length)
    if (scale < 1) change(gradients, (g) => g * scale)
    return length
  }, { clip })
}

/**
 * Limits each element of all gradients to ±`value` (PyTorch's clip_grad_value_).
 *
 * ```ts
 * import { clipByValue } from 'recurra'
 *
 * const gradients = [Float32Array.of(3, -4)]
 * console.log(clipByValue(3)(gradients)) // 5
 * console.log(gradients[0]) // [3, -3]
 * ```
 * @throws `ConfigurationError` if `value` is not finite and above 0, or there is another argument.
 * @throws `ValueError` when called, if a number is not finite.
 */
export const clipByValue = (value: number, ...others: readonly never[]): ClipFunction => {
  expectNoMore(others, 'clipByValue', 'the largest magnitude')
  const clip = { value }
  clippingOf(clip)
  return Object.assign((gradients: readonly Gradient[]) => {
    const length = lengthOf(gradients, 2)
    change(gradients, (g) => Math.max(-value, Math.min(value, g)))
    return length
  }, { clip })
}

const lengthOf = (gradients: readonly Gradient[], p: number): number => {
  let length = 0
  gradients.forEach((gradient, i) => visit(gradient, (data, at) => {
    const size = Math.abs(data[at]!)
    if (!(size < Infinity)) throw notFinite(i, data[at]!)
    length = p === 1 ? length + size : p === 2 ? length + size * size : Math.max(length, size)
  }))
  return p === 2 ? Math.sqrt(length) : length
}

const change = (gradients: readonly Gradient[], f: (g: number) => number): void =>
  gradients.forEach((gradient) => visit(gradient, (data, at) => {
    data[at] = f(data[at]!)
  }))

/** Every element, whatever the strides. */
const visit = (gradient: Gradient, each: (data: Floats | number[], at: number) => void): void => {
  if (!('stride' in gradient)) return gradient.forEach((_, i) => each(gradient, i))
  const { data, shape, stride, offset } = gradient
  const walk = (axis: number, at: number): void => {
    if (axis === shape.length) return each(data, at)
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, at + i * stride[axis]!)
  }
  walk(0, offset)
}

const notFinite = (gradient: number, value: number): ValueError =>
  new ValueError({
    where: `clip, gradient ${gradient}`,
    expected: 'finite numbers',
    got: String(value),
    fix: 'Leave out the step that made it; nothing was changed.',
  })
