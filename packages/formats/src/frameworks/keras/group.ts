import type { NamedTensors } from '@recurra/tensor'
import { isFloat } from '../../safetensors/dtypes.ts'

/** Weights that belong together. */
export interface Group {
  /** Their path in the file. */
  readonly path: readonly string[]
  /** The weights by the last part of their names: `kernel`, or `forward/kernel` with two directions. */
  readonly parts: NamedTensors
  /** What was assumed about them because the tensors do not reveal it. */
  readonly assumed?: string
  /** Whether its gates can only be sigmoids, because the framework has no others. */
  readonly sigmoid?: boolean
}

/** Whether a part of a path is a cell within its layer. */
export const isCell = (segment: string): boolean => /(^|_)cell(_\d+)?$/.test(segment)

/** The names of weights that are stored under numbers, by their number of axes. */
const namesOf = (path: readonly string[], axes: string): readonly string[] | undefined => {
  const last = path.at(-1) ?? ''
  if (isCell(last)) return ['kernel', 'recurrent_kernel', 'bias']
  if (axes === '2') return [/embedding/.test(last) ? 'embeddings' : 'kernel']
  return { 21: ['kernel', 'bias'], 11: ['gamma', 'beta'] }[axes]
}

/** Parts of the paths in a `.weights.h5` that are not layers. */
const scaffold = ['layers', '_layer_checkpoint_dependencies']

/** A layer of a `.weights.h5` of Keras 3, whose weights have numbers (`layers/lstm/cell/vars/0`), under their names. */
export const keras3Group = (group: Group): Group => {
  const { path, parts } = group
  if (![...parts.keys()].every((part) => /^vars\/\d+$/.test(part))) return group
  const sorted = [...parts].sort(([a], [b]) => Number(a.slice(5)) - Number(b.slice(5)))
  const weights = sorted.filter(([, { dtype }]) => isFloat(dtype)) // the others are states of random generators
  const names = namesOf(path, weights.map(([, { shape }]) => shape.length).join(''))
  const plain = path.filter((segment) => !scaffold.includes(segment))
  if (!names || weights.length > names.length) return { ...group, path: plain }
  return {
    path: plain,
    parts: new Map(
      sorted.map(([part, tensor]) => [
        isFloat(tensor.dtype) ? names[weights.findIndex(([one]) => one === part)]! : part,
        tensor,
      ]),
    ),
  }
}
