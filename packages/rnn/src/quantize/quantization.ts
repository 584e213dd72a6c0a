import type { Backend, Int8Backend } from '@recurra/backend'
import { namedVariables, type Layer } from '@recurra/layers'
import { sizeOf } from '@recurra/tensor'

/** How the parameters of a quantized model are stored. */
export interface Quantization {
  /** The paths of the parameters that are int8. */
  readonly int8: readonly string[]
  /**
   * The paths of those that are float32: biases, those named in `keep`, and those that are not the right factor of a
   * product.
   */
  readonly float32: readonly string[]
  /** The size of all parameters with their scales, in bytes. */
  readonly bytes: number
  /** All of that as text, and what computes the products. */
  readonly description: string
}

/** A model for inference alone, whose products are sums of integers. */
export type Quantized<M extends Layer = Layer> = M & {
  /** Which parameters are int8, and what that saves. */
  readonly quantization: Quantization
}

/**
 * Whether a model is quantized.
 *
 * ```ts
 * import { dense, isQuantized, quantize, sequential } from 'recurra'
 *
 * const model = sequential(2, [dense(1)])
 * console.log(isQuantized(model), isQuantized(quantize(model))) // false true
 * ```
 */
export const isQuantized = <M extends Layer>(model: M): model is Quantized<M> => 'quantization' in model

/** The axis of a parameter that has the scales; undefined if it stays float32. */
export type ScaleAxes = ReadonlyMap<string, 0 | 1>

/** Turns parameters of a model on an int8 backend into int8, and describes them. */
export const withInt8 = <M extends Layer>(model: M, backend: Int8Backend, axes: ScaleAxes): Quantized<M> => {
  const params = namedVariables(model.params)
  let [bytes, most, small] = [0, 0, 0]
  for (const [path, { value }] of params) {
    const [axis, size] = [axes.get(path), sizeOf(value.shape)]
    if (axis !== undefined) backend.declareInt8(value, axis)
    bytes += axis === undefined ? 4 * size : size + 4 * value.shape[axis]!
    most += size
    if (axis !== undefined) small += size
  }
  const [int8, float32] = [true, false].map((whether) =>
    params.map(([path]) => path).filter((path) => axes.has(path) === whether)) as [string[], string[]]
  const description = [
    `int8: ${listed(int8)} (${small} of ${most} values)`,
    `float32: ${listed(float32)}`,
    `${bytes} bytes of parameters, ${4 * most} in float32`,
    backend.describe(),
  ].join('\n')
  return Object.assign(model, { quantization: { int8, float32, bytes, description } })
}

const listed = (paths: readonly string[]): string => paths.join(', ') || 'no parameter'

/** The backend of a quantized model. */
export const int8BackendOf = ({ backend }: { readonly backend: Backend }): Int8Backend | undefined =>
  'declareInt8' in backend ? (backend as Int8Backend) : undefined
