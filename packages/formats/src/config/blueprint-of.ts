import { named, type Blueprint } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { LayerMakers } from '../layers/layer-format.ts'
import { layerFormats } from '../layers/layer-formats.ts'
import { parseLayerConfig, type LayerConfig } from './model-config.ts'
import { withoutOldNames } from './old-names.ts'

/** The makers of Recurra's own layers, and of those passed in. */
export const makersWith = (others: LayerMakers = {}): LayerMakers => ({
  ...Object.fromEntries(Object.entries(layerFormats).map(([type, { make }]) => [type, make])),
  ...others,
})

/** The depth of nested layers, such as a stack of bidirectional layers; people do not write deeper ones. */
const deepest = 32

/**
 * The blueprint that a config describes.
 * @throws `ConfigurationError` if its type is unknown, or layers are nested too deeply.
 */
export const blueprintOf = (config: LayerConfig, makers: LayerMakers, where: string, depth = 1): Blueprint => {
  if (depth > deepest)
    throw new ConfigurationError({
      where,
      expected: `layers within layers at most ${deepest} deep`,
      got: 'more',
      fix: 'It was not written by Recurra, or changed by hand.',
    })
  const { type, name, options = {} } = withoutOldNames(config)
  const maker = Object.hasOwn(makers, type) ? makers[type] : undefined
  if (!maker)
    throw new ConfigurationError({
      where,
      expected: `a layer known by its type (${Object.keys(makers).join(', ')})`,
      got: String(type),
      fix: 'Tell how it is made: { layers: { myCell: (options) => myCell(options.size) } }.',
    })
  const blueprint = maker(options, (inner) => blueprintOf(parseLayerConfig(inner, where), makers, where, depth + 1))
  return name === undefined ? blueprint : named(name, blueprint)
}
