import type { NamedTensors } from '@recurra/tensor'
import { inBothDirections } from './directions.ts'
import { isCell, keras3Group, type Group } from './group.ts'
import { expectDistinctNames, grouped, renamed } from '../../named-tensors.ts'
import { tensorFlow1Groups } from './tensorflow-1.ts'
import { withoutCudnn } from './cudnn.ts'

/** A Keras layer by name. */
export interface KerasGroup extends Group {
  readonly name: string
}

/**
 * The weights of a file, layer by layer, under the names of today's Keras, whichever framework wrote it: Keras 2
 * (`lstm/lstm_cell/kernel:0`), Keras 3 (the same, or `layers/lstm/cell/vars/0`), TensorFlow.js, TensorFlow 1. There are
 * two readings if two layers could also be the two directions of one.
 * @throws `ValueError` if two weights would have the same name.
 */
export const kerasReadings = (tensors: NamedTensors, where: string): readonly (readonly KerasGroup[])[] => {
  const groups = tensorFlow1Groups(groupsOf(tensors, where).map(keras3Group)).map(withoutCudnn)
  return inBothDirections(groups).map(called)
}

/** The weights of the most likely reading by name: `lstm/kernel`, `bidirectional/forward/kernel`. */
export const plainKerasTensors = (tensors: NamedTensors, where: string): NamedTensors => {
  const all = kerasReadings(tensors, where)[0]!.flatMap(({ name, parts }) =>
    [...parts].map(([part, tensor]) => ({ ...tensor, name: `${name}/${part}` })))
  expectDistinctNames(all, where)
  return new Map(all.map((tensor) => [tensor.name, tensor]))
}

/** A name without the suffix of TensorFlow: `kernel:0`. */
const groupsOf = (tensors: NamedTensors, where: string): Group[] =>
  [...grouped(renamed(tensors, (name) => name.replace(/:0$/, ''), where), (name) => {
    const path = name.split('/')
    const part = path.splice(path.at(-2) === 'vars' ? -2 : -1).join('/')
    return [path.join('/'), part]
  })].map(([layer, parts]) => ({ path: layer.split('/'), parts }))

/** A layer is named after its path without its cell. If a layer has several cells, each is a separate layer. */
const called = (groups: readonly Group[]): KerasGroup[] => {
  const short = groups.map(({ path }) => (path.length > 1 && isCell(path.at(-1)!) ? path.slice(0, -1) : path).join('/'))
  return groups.map((group, i) => ({
    ...group,
    name: (short.indexOf(short[i]!) === short.lastIndexOf(short[i]!) ? short[i]! : group.path.join('/')) || '0',
  }))
}
