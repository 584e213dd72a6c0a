import { Sequential, type Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Store } from '../layers/layer-format.ts'
import { formatOf } from '../layers/layer-formats.ts'
import type { ParameterLayout, LayoutEntry } from './layout.ts'

/** Frameworks with counterparts of our layers, and their separator between the names of a layer and a tensor. */
const frameworks = { pytorch: { name: 'PyTorch', mark: '.' }, keras: { name: 'Keras', mark: '/' } } as const

/** The field of a layer's format for this framework. */
export type Framework = keyof typeof frameworks

/** The tensors of a layer, whatever surrounds it. */
export const layerLayout = (framework: Framework): ((layer: Layer, path?: string) => readonly LayoutEntry[]) => {
  const store: Store = (layer, place) => {
    const counterpart = formatOf(layer)?.[framework]
    if (counterpart) return counterpart.store(layer, place, store)
    if (Object.keys(layer.params).length === 0) return []
    throw new ConfigurationError({
      where: layer.type,
      expected: `a layer that ${frameworks[framework].name} has, too`,
      got: `one with parameters (${Object.keys(layer.params).join(', ')}) that it has no place for`,
      fix: 'Leave out the layout: Recurra has a place for all of them.',
    })
  }
  return (layer, path = '') => store(layer, { path, suffix: '_l0' })
}

/** The tensors of a whole model: the tensors of its layers under their names; `plain` translates alternative names. */
export const modelLayout = (framework: Framework, plain: NonNullable<ParameterLayout['plain']>): ParameterLayout => {
  const stored = layerLayout(framework)
  return Object.assign((model: Layer) =>
    model instanceof Sequential
      ? model.parts.flatMap(([name, layer]) => stored(layer, name + frameworks[framework].mark))
      : stored(model), { plain })
}
