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

/** The weights of a file for all layers of its model, those in branches, too. */
export type WeightsOf = (layers: readonly ModelLayer[]) => Weights

/** The number of values in tensors. */
export const sizeOfAll = (tensors: Iterable<NamedTensor>): number =>
  [...tensors].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
