import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { inBothDirections } from './in-both-directions.ts'
import { keras3Group, type Group } from './keras-group.ts'
import { expectDistinctNames } from './named-tensors.ts'
import { tensorFlow1Groups } from './tensor-flow-1.ts'
import { withoutCudnn } from './without-cudnn.ts'

/** A layer of Keras by its name. */
export interface KerasGroup extends Group {
  readonly name: string
}

/**
 * The weights of a file layer by layer, under the names of today's Keras, whoever wrote it: Keras 2
 * (`lstm/lstm_cell/kernel:0`), Keras 3 (the same, or `layers/lstm/cell/vars/0`), TensorFlow.js, TensorFlow 1. There are
 * two readings, where two layers may as well be the two directions of one.
 * @throws `ValueError` if two weights would have one name.
 */
export const kerasReadings = (tensors: NamedTensors, where: string): readonly (readonly KerasGroup[])[] => {
  const groups = tensorFlow1Groups(groupsOf(tensors, where).map(keras3Group)).map(withoutCudnn)
  return inBothDirections(groups).map(called)
}

/** The weights of the likeliest reading by name: `lstm/kernel`, `bidirectional/forward/kernel`. */
export const plainKerasTensors = (tensors: NamedTensors, where: string): NamedTensors => {
  const all = kerasReadings(tensors, where)[0]!.flatMap(({ name, parts }) =>
    [...parts].map(([part, tensor]) => [`${name}/${part}`, tensor] as const),
  )
  expectDistinctNames(all.map(([name]) => name), where, 'tensors')
  return new Map(all)
}

const groupsOf = (tensors: NamedTensors, where: string): Group[] => {
  const groups = new Map<string, { readonly path: string[]; readonly parts: Map<string, NamedTensor> }>()
  const plain = [...tensors].map(([name, tensor]) => [name.replace(/:0$/, ''), tensor] as const)
  expectDistinctNames(plain.map(([name]) => name), where, 'tensors') // `kernel` and `kernel:0`, say
  for (const [name, tensor] of plain) {
    const path = name.split('/')
    const part = path.splice(/^vars$/.test(path.at(-2) ?? '') ? -2 : -1).join('/')
    const key = path.join('/')
    if (!groups.has(key)) groups.set(key, { path, parts: new Map() })
    groups.get(key)!.parts.set(part, tensor)
  }
  return [...groups.values()]
}

const isCell = (segment: string | undefined): boolean => /(^|_)cell(_\d+)?$/.test(segment ?? '')

/**
 * A layer is called by its path without its cell, unless several cells stand in one layer: then each is a layer of its
 * own.
 */
const called = (groups: readonly Group[]): KerasGroup[] => {
  const short = groups.map(({ path }) => (path.length > 1 && isCell(path.at(-1)) ? path.slice(0, -1) : path).join('/'))
  return groups.map((group, i) => ({
    ...group,
    name: (short.indexOf(short[i]!) === short.lastIndexOf(short[i]!) ? short[i]! : group.path.join('/')) || '0',
  }))
}
