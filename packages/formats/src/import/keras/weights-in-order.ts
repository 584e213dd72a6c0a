import type { NamedTensor } from '@recurra/tensor'
import { FormatError } from '../../errors.ts'
import type { Hdf5 } from '../../hdf5/read-hdf5.ts'
import { sizeOfAll, type Weights, type WeightsOf } from './weights.ts'
import { missing, surplus } from './weight-faults.ts'
import { weightsByName } from './weights-by-name.ts'

/**
 * Weights in the order in which an `.h5` of Keras lists them: the attribute `layer_names` of their group, and
 * `weight_names` of each layer. Those of a model within the model are one list, and known by their names.
 *
 * Source: keras/src/legacy/saving/legacy_h5_format.py of Keras 3, load_weights_from_hdf5_group.
 */
export const weightsInOrder = ({ tensors, attributes }: Hdf5, group: string): WeightsOf => (all) => {
  const layers = new Map(namesIn(attributes.get(group), 'layer_names', group).map((layer) => {
    const path = `${group}/${layer}`
    const own = namesIn(attributes.get(path), 'weight_names', path).map((name): NamedTensor => {
      const tensor = tensors.get(`${path}/${name}`)
      if (!tensor) throw missing(path, layer, name)
      return { ...tensor, name }
    })
    return [layer, own]
  }))
  const inner = new Map<string, Weights>()
  /** The weights of a model within. */
  const ofModel = (name: string): Weights => {
    const known = inner.get(name)
    if (known) return known
    const inside = all.filter(({ within }) => within[0] === name)
    const weights = weightsByName(`${group}/${name}`, layers.get(name) ?? [])(inside)
    inner.set(name, weights)
    layers.delete(name)
    return weights
  }
  return {
    size: sizeOfAll([...layers.values()].flat()),
    of(one, groups) {
      const { name: layer, within: [model] } = one
      if (model !== undefined) return groups.length === 0 ? [] : ofModel(model).of(one, groups)
      const own = [...(layers.get(layer) ?? [])]
      layers.delete(layer)
      const taken = groups.map(({ names }) => names.map((name) => {
        const tensor = own.shift()
        const last = tensor?.name.split('/').at(-1)?.replace(/:0$/, '')
        if (!tensor || last !== name) throw missing(group, layer, name, tensor && [tensor.name])
        return tensor
      }))
      if (own[0]) throw surplus(group, own[0].name)
      return taken
    },
    done() {
      for (const weights of inner.values()) weights.done()
      for (const own of layers.values()) if (own[0]) throw surplus(group, own[0].name)
    },
  }
}

/** The names in an attribute, which lies in several, `layer_names0`, …, if there are many. */
const namesIn = (attributes: Readonly<Record<string, unknown>> = {}, name: string, where: string): string[] => {
  const parts: unknown[] = []
  if (attributes[name] !== undefined) parts.push(attributes[name])
  else for (let i = 0; attributes[`${name}${i}`] !== undefined; i++) parts.push(attributes[`${name}${i}`])
  const names = parts.flat() as unknown[]
  if (parts.length > 0 && names.every((each) => typeof each === 'string'))
    return names.map((each) => (each as string).replace(/\0+$/, ''))
  throw new FormatError({
    where: `hdf5, ${where}`,
    expected: `an attribute ${name}, a list of names`,
    got: parts.length > 0 ? 'others' : 'none',
    fix: 'The file is damaged, or was not written by Keras.',
  })
}
