import { isRecord, type NamedTensor } from '@recurra/tensor'
import { unclear } from '../module.ts'
import type { WeightGroup } from './keras-layer.ts'
import type { ModelLayer } from './model-layers.ts'
import { sizeOfAll, type Weights } from './weights.ts'
import { missing, surplus } from './weight-faults.ts'

/** A tensor, and the segments of its name. */
interface Named {
  readonly tensor: NamedTensor
  readonly path: readonly string[]
}

/**
 * Weights by their names: `lstm/lstm_cell/kernel`, `bidirectional/forward_lstm/kernel`, or in TensorFlow.js the name
 * of the inner layer alone, `forward_lstm/kernel`. The name of a model within the model may come first.
 * @throws `ValueError` if a weight could belong to several layers.
 */
export const weightsByName = (where: string, tensors: readonly NamedTensor[]) => (
  layers: readonly ModelLayer[],
): Weights => {
  const claims = claimsOf(layers)
  const left = new Map<string, Named[]>()
  for (const tensor of tensors) {
    const path = tensor.name.replace(/:0$/, '').split('/')
    const owner = ownerOf(path, claims)
    const others = left.get(owner)
    if (others) others.push({ tensor, path })
    else left.set(owner, [{ tensor, path }])
  }
  return {
    size: sizeOfAll(tensors),
    of(layer, groups) {
      const own = left.get(layer.path) ?? []
      return groups.map((group) => group.names.map((name) => {
        const at = own.findIndex(({ path }) => path.at(-1) === name && isIn(group, path))
        if (at < 0) throw missing(where, layer.name, group.under + name, own.map(({ tensor }) => tensor.name))
        return own.splice(at, 1)[0]!.tensor
      }))
    },
    done() {
      for (const [first] of left.values()) if (first) throw surplus(where, first.tensor.name)
    },
  }
}

/** The layers that have a name, or one inside that has it. */
const claimsOf = (layers: readonly ModelLayer[]): ReadonlyMap<string, readonly ModelLayer[]> => {
  const claims = new Map<string, ModelLayer[]>()
  const claim = (name: string, layer: ModelLayer): void => {
    const others = claims.get(name)
    if (!others) claims.set(name, [layer])
    else if (others.every(({ path }) => path !== layer.path)) others.push(layer)
  }
  for (const layer of layers) for (const name of namesOf(layer)) claim(name, layer)
  return claims
}

/** The place of the layer whose name comes first in a path: in the models whose names are there, too. */
const ownerOf = (path: readonly string[], claims: ReturnType<typeof claimsOf>): string => {
  const segment = path.find((one) => claims.has(one))
  const all = segment === undefined ? [] : claims.get(segment)!
  if (all.length < 2) return all[0]?.path ?? ''
  const [own, another] = all.filter(({ within }) => within.length > 0 && within.every((model) => path.includes(model)))
  if (own && !another) return own.path
  throw unclear(path.join('/'), 'a weight whose name is that of one layer', `${all.length} layers named ${segment}`)
}

/** The names of a layer and of those inside it; both directions have the name of their layer behind their own. */
const namesOf = ({ name, config }: Pick<ModelLayer, 'name' | 'config'>): string[] => [
  name,
  ...[config['layer'], config['cell'], ...(Array.isArray(config['cells']) ? (config['cells'] as unknown[]) : [])]
    .filter((inner) => isRecord(inner) && isRecord(inner['config']))
    .map((inner) => (inner as { readonly config: Readonly<Record<string, unknown>> }).config)
    .flatMap((inner) => namesOf({ name: String(inner['name']), config: inner }))
    .flatMap((inner) => [inner, `forward_${inner}`, `backward_${inner}`]),
]

/** Whether a tensor of a layer is in a group of its weights: all it has, those of a direction, or of a projection. */
const isIn = ({ under }: WeightGroup, path: readonly string[]): boolean => {
  const part = under.replace('/', '')
  if (part !== 'forward' && part !== 'backward') return part === '' || path.at(-2) === part
  return path.find((segment) => /^(forward|backward)_/.test(segment))?.startsWith(part) === true
}
