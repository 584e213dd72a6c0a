import { Sequential, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Store } from '../layers/layer-format.ts'
import { formatOf } from '../layers/layer-formats.ts'
import type { ParameterLayout, LayoutEntry } from './layout.ts'

/** A framework whose layers are counterparts of ours. */
export interface Framework {
  readonly name: 'PyTorch' | 'Keras'
  /** Where the formats of layers have what is known of it. */
  readonly key: 'pytorch' | 'keras'
  /** What stands between the name of a layer and that of a tensor. */
  readonly mark: '.' | '/'
}

/** The tensors of a layer, whatever stands around it. */
export const layerLayout = ({ name, key }: Framework): ((layer: Layer, path?: string) => readonly LayoutEntry[]) => {
  const store: Store = (layer, place) => {
    const counterpart = formatOf(layer)?.[key]
    if (counterpart) return counterpart.store(layer, place, store)
    if (Object.keys(layer.params).length > 0) throw noCounterpart(name, layer)
    return []
  }
  return (layer, path = '') => store(layer, { path, suffix: '_l0' })
}

/** The tensors of a whole model: those of its layers, under their names. */
export const modelLayout = (framework: Framework): ParameterLayout => {
  const stored = layerLayout(framework)
  return (model) =>
    model instanceof Sequential
      ? model.parts.flatMap(([name, layer]) => stored(layer, name + framework.mark))
      : stored(model)
}

const noCounterpart = (framework: string, layer: Layer): ConfigurationError =>
  new ConfigurationError({
    where: layer.type,
    expected: `a layer that ${framework} has, too`,
    got: `one with parameters (${Object.keys(layer.params).join(', ')}) that it has no place for`,
    fix: 'Leave out the layout: Recurra has a place for all of them.',
  })
