import type { Backend } from '@recurra/backend'
import {
  differentiate, gradientOf, input, max, min, outputsOf, programOf, type Expression, type Program,
} from '@recurra/formula'
import { asRows, columns, type Tensor } from '@recurra/tensor'
import { copy } from './kernels.ts'
import { passOf, type Pass } from './pass.ts'
import { requiresGradient, type Wire } from './variable.ts'

type Fold = (values: readonly Expression[]) => Expression

const sum: Fold = (values) => values.reduce((a, b) => a.add(b))

/** How the outputs of branches are merged. */
export type Merge = 'concat' | ElementWiseMerge
type ElementWiseMerge = 'sum' | 'difference' | 'product' | 'mean' | 'max' | 'min'

/** Merges that keep the size. Of equal values, maximum and minimum pass their gradient to the last one. */
const folds: { readonly [merge in ElementWiseMerge]: Fold } = {
  sum,
  difference: (values) => values.reduce((a, b) => a.sub(b)),
  product: (values) => values.reduce((a, b) => a.mul(b)),
  mean: (values) => sum(values).mul(1 / values.length),
  max: (values) => values.reduce((a, b) => max(a, b)),
  min: (values) => values.reduce((a, b) => min(a, b)),
}

const programs = new Map<string, Program>()

/** One program for each merge of so many values, or for its gradients of those at the positions `wanted`. */
const programFor = (merge: ElementWiseMerge, count: number, wanted?: readonly number[]): Program => {
  const key = `${merge} ${count} ${wanted?.join() ?? ''}`
  let program = programs.get(key)
  if (!program) {
    const names = Array.from({ length: count }, (_, i) => `x${i}`)
    const { outputs, gradients } = differentiate({ y: folds[merge](names.map((name) => input(name))) }, names, {
      save: false,
    })
    const targets = wanted
      ? Object.fromEntries(wanted.map((i) => [gradientOf(`x${i}`), gradients[`x${i}`]!]))
      : outputs
    programs.set(key, (program = programOf(outputsOf(targets))))
  }
  return program
}

/** y = the merged branches: [rows, features] each. Backward, it overwrites the gradients of those that have one. */
export const mergePass = (backend: Backend, merge: Merge, branches: readonly Wire<Tensor>[], y: Wire<Tensor>): Pass => {
  const learning = branches.flatMap((branch, i) => (requiresGradient(y) && requiresGradient(branch) ? [i] : []))
  const values = branches.map(({ value }) => asRows(value))
  const gradients = branches.map(({ grad }) => grad)
  if (merge === 'concat') {
    const ends = values.map((_, i) => values.slice(0, i + 1).reduce((total, { shape }) => total + shape[1]!, 0))
    const place = (whole: Tensor, i: number): Tensor => columns(asRows(whole), ends[i - 1] ?? 0, ends[i]!)
    return passOf(
      values.map((value, i) => copy(backend, value, place(y.value, i))),
      learning.map((i) => copy(backend, place(y.grad, i), asRows(gradients[i]!))),
    )
  }
  const operands: { [name: string]: Tensor } = Object.fromEntries(values.map((value, i) => [`x${i}`, value]))
  const forward = backend.formula(programFor(merge, values.length), { ...operands, y: asRows(y.value) })
  if (learning.length === 0) return passOf([forward])
  operands[gradientOf('y')] = asRows(y.grad)
  for (const i of learning) operands[gradientOf(`x${i}`)] = asRows(gradients[i]!)
  return passOf([forward], [backend.formula(programFor(merge, values.length, learning), operands)])
}
