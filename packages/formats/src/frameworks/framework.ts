import { Sequential, type Layer } from '@recurra/layers'
import { ConfigurationError, type NamedTensors } from '@recurra/tensor'
import type { Hints, Module } from '../import/module.ts'
import type { FrameworkName, Store } from '../layers/layer-format.ts'
import { formatOf } from '../layers/layer-formats.ts'
import type { LayoutEntry, ParameterLayout } from '../parameters/layout.ts'

/** Another framework that has counterparts of our layers: how its files are recognized, read and written. */
export interface Framework {
  /** The field of a layer's format that holds its counterpart. */
  readonly field: FrameworkName
  /** Its name in messages. */
  readonly title: string
  /** What separates the name of a layer from the name of its tensor. */
  readonly separator: string
  /** Names of tensors that only its files use. */
  readonly names: RegExp
  /**
   * The tensors of a file under the names of the layout.
   * @throws `ValueError` if two tensors would have the same name.
   */
  readonly plain: NonNullable<ParameterLayout['plain']>
  /**
   * The modules of a file, in each possible reading of its names, each with every layer that it can be.
   * @throws `ValueError` if the tensors of a module are those of no known layer.
   * @throws `ShapeError` or `ConfigurationError` if tensors that make up one weight do not fit together.
   */
  readonly modules: (tensors: NamedTensors, hints: Hints) => Module[][][]
  /** What the name of its own kind of file ends in. Default: it has none that is written here. */
  readonly ending?: string
  /** How a Python program loads a file, by the end of its name. Default: as arrays. */
  readonly inPython?: (file: string) => string
}

/** The parameter layout of a framework. */
export interface FrameworkLayout extends ParameterLayout, Omit<Framework, 'plain'> {}

/** The tensors of a layer, whatever surrounds it. */
export const layerLayout = ({
  field, title,
}: Pick<Framework, 'field' | 'title'>): ((layer: Layer, path?: string) => readonly LayoutEntry[]) => {
  const store: Store = (layer, place) => {
    const counterpart = formatOf(layer)?.[field]
    if (counterpart) return counterpart.store(layer, place, store)
    if (Object.keys(layer.params).length === 0) return []
    throw new ConfigurationError({
      where: layer.type,
      expected: `a layer that ${title} has, too`,
      got: `one with parameters (${Object.keys(layer.params).join(', ')}) that it has no place for`,
      fix: 'Leave out the layout: Recurra has a place for all of them.',
    })
  }
  return (layer, path = '') => store(layer, { path, suffix: '_l0' })
}

/** The tensors of a whole model: the tensors of its layers under their names. */
export const frameworkLayout = (framework: Framework): FrameworkLayout => {
  const stored = layerLayout(framework)
  const layout = (model: Layer): readonly LayoutEntry[] =>
    model instanceof Sequential
      ? model.parts.flatMap(([name, layer]) => stored(layer, name + framework.separator))
      : stored(model)
  return Object.assign(layout, framework)
}
