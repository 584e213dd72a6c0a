import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { sizeOfAll, type WeightsOf } from './weights.ts'
import { missing, surplus } from './weight-faults.ts'

/** What a `.weights.h5` holds besides weights: counters of random generators. */
const notWeights = /(^|\/)(seed_generator|_random_generator)(_\d+)?\//

/**
 * Weights by the numbers that `.keras` files give them within their layer: `layers/lstm_1/cell/vars/0`.
 *
 * Source: keras/src/saving/saving_lib.py of Keras 3, and of Keras 2.13, which has another name for `layers`.
 */
export const weightsByPath = (tensors: NamedTensors, onWarning: (message: string) => void): WeightsOf => () => {
  const todaysPath = (path: string): string => path.replace('_layer_checkpoint_dependencies', 'layers')
  const all = new Map([...tensors].map(([path, tensor]) => [todaysPath(path), tensor]))
  const left = new Map([...all].filter(([path]) => path.startsWith('layers/') && !notWeights.test(path)))
  if ([...all.keys()].some((path) => path.startsWith('optimizer/')))
    onWarning('importModel: the state of the optimizer was left out')
  return {
    size: sizeOfAll(left.values()),
    of: (layer, groups) => groups.map(({ path, names, first = 0 }) => names.map((name, i): NamedTensor => {
      const at = [layer.path, ...(path === '' ? [] : [path]), 'vars', first + i].join('/')
      const tensor = left.get(at)
      if (!tensor) throw missing('model.weights.h5', layer.name, `${name}, at ${at}`)
      left.delete(at)
      return tensor
    })),
    done() {
      for (const path of left.keys()) throw surplus('model.weights.h5', path)
    },
  }
}
