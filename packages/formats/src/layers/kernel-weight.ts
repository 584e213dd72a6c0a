import { int8Of, integersOf } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { ConfigurationError, sizeOf } from '@recurra/tensor'
import { scaled, type Translated, type ValueName } from '../onnx/translation.ts'
import { scaleOf } from '../parameters/int8-parameters.ts'
import { asIs, type LayoutEntry, type Own } from '../parameters/layout.ts'

/** The axes of the weight of a convolution. Ours is [kernel · features, filters], with the features of one group. */
export type KernelAxis = 'kernel' | 'features' | 'filters'

/** Their sizes. */
export type KernelSizes = { readonly [axis in KernelAxis]: number }

/** The weight with its axes in another order: its shape, and where each element lies in ours. */
export const kernelWeight = (
  sizes: KernelSizes, axes: readonly KernelAxis[],
): { readonly shape: number[]; readonly order: Int32Array } => {
  const shape = axes.map((axis) => sizes[axis])
  const order = Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const at = { kernel: 0, features: 0, filters: 0 }
    let rest = i
    for (const axis of [...axes].reverse()) {
      at[axis] = rest % sizes[axis]
      rest = Math.floor(rest / sizes[axis])
    }
    return (at.kernel * sizes.features + at.features) * sizes.filters + at.filters
  })
  return { shape, order }
}

/** The tensors of a convolution in another framework: the weight under a name and with its axes in its order. */
export const kernelTensors = (
  layer: Layer, path: string, sizes: KernelSizes, name: string, axes: readonly KernelAxis[],
): LayoutEntry[] => {
  const { weight, bias } = layer.params as Own
  const { shape, order } = kernelWeight(sizes, axes)
  const stored = { name: path + name, shape, parts: [{ param: weight!, order }] }
  return [stored, ...(bias ? [asIs(`${path}bias`, bias)] : [])]
}

/** The weight as a constant in ONNX, int8 where it is quantized: the scales belong to the filters. */
export const kernelConstant = (
  { graph, layer, path }: Translated, sizes: KernelSizes, axes: readonly KernelAxis[],
): ValueName => {
  const { value } = (layer.params as Own)['weight']!
  const int8 = int8Of(value)
  const values = int8 ? integersOf(int8) : layer.backend.read(value)
  const { shape, order } = kernelWeight(sizes, axes)
  const moved = Float32Array.from(order, (from) => values[from]!)
  const at = `${path}.weight`
  if (!int8) return graph.floats(at, shape, moved)
  const scaleShape = axes.map((axis) => (axis === 'filters' ? sizes.filters : 1))
  return scaled(graph, graph.int8(at, shape, moved), graph.floats(scaleOf(at), scaleShape, int8.scales))
}

/**
 * Checks that the weight of a convolution is in float32, as `exportJavascript` writes it.
 * @throws `ConfigurationError` if it is quantized.
 */
export const expectFloatKernel = (layer: Layer): void => {
  if (!int8Of((layer.params as Own)['weight']!.value)) return
  throw new ConfigurationError({
    where: 'exportJavascript',
    expected: 'convolutions in float32',
    got: 'a quantized one',
    fix: "Keep it: quantize(model, { keep: ['0'] }) with the path of the layer.",
  })
}
