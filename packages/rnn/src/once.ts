import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, differentiate, input, inputsOf, operations, outputsOf, programOf, substitute, type Expression, type Program } from '@recurra/formula'
import { variable, zero, type Variable } from '@recurra/layers'
import { reshape, type Tensor } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'

/** A cell from which everything is taken out that its vectors alone determine: it is the same at every step. */
interface Hoisted {
  /** What is left reads the results as further vectors, `once.0`, … */
  readonly cell: CellDefinition
  /** vector.* -> once.* */
  readonly forward: Program
  /** d.once.* -> d.vector.*, accumulated */
  readonly backward: Program
  /** The results, and the vectors that they are made of. */
  readonly results: readonly string[]
  readonly vectors: readonly string[]
}

const prefix = 'vector.'
const isVector = ({ op, kind }: Expression): boolean => op === 'input' && kind === 'unit'
const fixed = (e: Expression): boolean => e.op === 'constant' || isVector(e) || (e.op !== 'mean' && e.args.length > 0 && e.args.every(fixed))
const dear = ({ op, args }: Expression): boolean => Boolean(operations[op].dear) || args.some(dear)

const known = new WeakMap<CellDefinition, Hoisted>()

/** Takes out what is dear; a sum of two vectors is as cheap as reading one. */
export const hoist = (cell: CellDefinition): Hoisted => {
  let hoisted = known.get(cell)
  if (!hoisted) known.set(cell, (hoisted = derive(cell)))
  return hoisted
}

const derive = (cell: CellDefinition): Hoisted => {
  const once = new Map<Expression, string>()
  const reduced = (e: Expression): Expression =>
    substitute(e, (part) => {
      if (!fixed(part) || !dear(part)) return undefined
      if (!once.has(part)) once.set(part, `once.${once.size}`)
      return input(prefix + once.get(part)!, 'unit')
    })
  const next = Object.fromEntries(Object.entries(cell.next).map(([slot, e]) => [slot, reduced(e)]))
  const through = cell.through && { ...cell.through, value: reduced(cell.through.value) }
  const left = inputsOf([...Object.values(next), ...(through ? [through.value] : [])])
  const results = [...once.values()]
  // One row as wide as the layer, so that here a vector is an operand like any other.
  const each = (e: Expression): Expression => substitute(e, (part) => (isVector(part) ? input(part.name) : undefined))
  const values = Object.fromEntries([...once].map(([e, name]) => [name, each(e)]))
  const vectors = [...inputsOf(Object.values(values)).keys()]
  const { outputs, gradients } = differentiate(values, vectors, { save: false })
  return {
    cell: { ...cell, next, ...(through && { through }), vectors: [...cell.vectors, ...results].filter((name) => left.has(prefix + name)) },
    forward: programOf(outputsOf(outputs)),
    backward: programOf(outputsOf(Object.fromEntries(vectors.map((name) => [`d.${name}`, accumulate(gradients[name]!)])))),
    results,
    vectors: vectors.map((name) => name.slice(prefix.length)),
  }
}

/** What is computed once for all steps, and what is to be run for it before and after the loops over time. */
export interface Once {
  readonly vectors: { readonly [name: string]: Variable }
  readonly before: readonly Kernel[]
  readonly backBefore: readonly Kernel[]
  readonly after: readonly Kernel[]
}

/** Binds what `hoist` took out to the parameters of a layer. */
export const bindOnce = ({ results, vectors, forward, backward }: Hoisted, params: { readonly [name: string]: Variable }, units: number, backend: Backend): Once => {
  if (results.length === 0) return { vectors: {}, before: [], backBefore: [], after: [] }
  const made = Object.fromEntries(results.map((name) => [name, variable(backend, [units])]))
  const row = (x: Tensor): Tensor => reshape(x, [1, units])
  const operands: { [name: string]: Tensor } = {}
  for (const [name, { value, grad }] of Object.entries(made)) Object.assign(operands, { [name]: row(value), [`y.${name}`]: row(value), [`d.${name}`]: row(grad) })
  for (const name of vectors) Object.assign(operands, { [prefix + name]: row(params[name]!.value), [`d.${prefix}${name}`]: row(params[name]!.grad) })
  return {
    vectors: made,
    before: [backend.formula(forward, operands)],
    backBefore: results.map((name) => zero(backend, made[name]!.grad)),
    after: [backend.formula(backward, operands)],
  }
}
