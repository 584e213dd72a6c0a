import { sizeOf, type NamedTensor } from '@recurra/tensor'
import type { WeightGroup } from './keras-layer.ts'
import type { ModelLayer } from './model-layers.ts'

/** The weights of a file, layer by layer. */
export interface Weights {
  /** The number of values in all. */
  readonly size: number
  /**
   * The tensors of a layer, for each group in the order of its names.
   * @throws `FormatError` if one is missing, or there are others.
   */
  of(layer: ModelLayer, groups: readonly WeightGroup[]): readonly (readonly NamedTensor[])[]
  /** @throws `FormatError` if there are tensors that no layer took. */
  done(): void
}

/** The same, for layers that are called several times: each call has a copy of the weights, which a warning says. */
export const copiedWeights = (weights: Weights, onWarning: (message: string) => void): Weights => {
  const taken = new Map<string, ReturnType<Weights['of']>>()
  return {
    size: weights.size,
    of(layer, groups) {
      if (layer.calls < 2 || groups.length === 0) return weights.of(layer, groups)
      const known = taken.get(layer.path)
      if (known) return known
      onWarning(
        `importModel, ${layer.name}: its ${layer.calls} calls share weights; here each has a copy, ` +
        'with the same outputs, until training changes them apart',
      )
      const own = weights.of(layer, groups)
      taken.set(layer.path, own)
      return own
    },
    done: () => weights.done(),
  }
}

/** The weights of a file for all layers of its model, those in branches, too. */
export type WeightsOf = (layers: readonly ModelLayer[]) => Weights

/** The number of values in tensors. */
export const sizeOfAll = (tensors: Iterable<NamedTensor>): number =>
  [...tensors].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
