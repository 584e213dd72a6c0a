import type { NamedTensor } from '@recurra/tensor'
import { FormatError } from '../../errors.ts'
import type { Hdf5 } from '../../hdf5/read-hdf5.ts'
import { sizeOfAll, type Weights } from './model-of-config.ts'
import { missing, surplus } from './weight-faults.ts'

/**
 * Weights in the order in which an `.h5` of Keras lists them: the attribute `layer_names` of their group, and
 * `weight_names` of each layer.
 *
 * Source: keras/src/legacy/saving/legacy_h5_format.py of Keras 3, load_weights_from_hdf5_group.
 */
export const weightsInOrder = ({ tensors, attributes }: Hdf5, group: string): Weights => {
  const layers = new Map(namesIn(attributes.get(group), 'layer_names', group).map((layer) => {
    const path = `${group}/${layer}`
    const own = namesIn(attributes.get(path), 'weight_names', path).map((name): NamedTensor => {
      const tensor = tensors.get(`${path}/${name}`)
      if (!tensor) throw missing(path, layer, name)
      return tensor
    })
    return [layer, own]
  }))
  return {
    size: sizeOfAll([...layers.values()].flat()),
    of({ name: layer }, groups) {
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
