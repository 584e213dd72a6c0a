import { isRecord, type NamedTensor } from '@recurra/tensor'
import type { PlacedLayer } from './layers-in-order.ts'
import { sizeOfAll, type Weights } from './model-of-config.ts'
import { missing, surplus } from './weight-faults.ts'

/** A tensor, the segments of its name, and its place in the file. */
interface Named {
  readonly tensor: NamedTensor
  readonly path: readonly string[]
}

/**
 * Weights by their names: `lstm/lstm_cell/kernel`, `bidirectional/forward_lstm/kernel`, or in TensorFlow.js the name
 * of the inner layer alone, `forward_lstm/kernel`.
 */
export const weightsByName = (
  tensors: readonly NamedTensor[], layers: readonly PlacedLayer[], where: string,
): Weights => {
  const all = tensors.map((tensor): Named => ({ tensor, path: tensor.name.replace(/:0$/, '').split('/') }))
  const claims = layers.map((layer) => ({ layer, names: namesOf(layer) }))
  const owners = new Map(all.map((one) => [one, ownerOf(one, claims)]))
  const left = new Set(all)
  return {
    size: sizeOfAll(tensors),
    of(layer, groups) {
      const own = all.filter((one) => owners.get(one) === layer.name)
      return groups.map(({ names, under }) => names.map((name) => {
        const direction = under.replace('/', '')
        const found = own.find((one) =>
          left.has(one) && one.path.at(-1) === name && directionOf(one.path) === direction)
        if (!found) throw missing(where, layer.name, under + name, own.map(({ tensor }) => tensor.name))
        left.delete(found)
        return found.tensor
      }))
    },
    done() {
      const [first] = left
      if (first) throw surplus(where, first.tensor.name)
    },
  }
}

/** The names of a layer and of those inside it; both directions have the name of their layer behind their own. */
const namesOf = ({ name, config }: Pick<PlacedLayer, 'name' | 'config'>): string[] => [
  name,
  ...[config['layer'], config['cell'], ...(Array.isArray(config['cells']) ? (config['cells'] as unknown[]) : [])]
    .filter((inner) => isRecord(inner) && isRecord(inner['config']))
    .map((inner) => (inner as { readonly config: Readonly<Record<string, unknown>> }).config)
    .flatMap((inner) => namesOf({ name: String(inner['name']), config: inner }))
    .flatMap((inner) => [inner, `forward_${inner}`, `backward_${inner}`]),
]

const directionOf = (path: readonly string[]): string =>
  /^(forward|backward)_/.exec(path.find((segment) => /^(forward|backward)_/.test(segment)) ?? '')?.[1] ?? ''

/** The layer with a name that comes first in the path. */
const ownerOf = (
  { path }: Named, claims: readonly { readonly layer: PlacedLayer; readonly names: readonly string[] }[],
): string | undefined => {
  for (const segment of path) {
    const claim = claims.find(({ names }) => names.includes(segment))
    if (claim) return claim.layer.name
  }
  return undefined
}
