import type { Backend } from '@recurra/backend'
import {
  accumulate, differentiate, gradientOf, input, inputsOf, operations, outputsOf, programOf, substitute, writtenAs,
  type Expression, type Program,
} from '@recurra/formula'
import {
  afterAllSteps, passOf, sharedBySegments, variable, zero, type CallShape, type Pass, type Variable,
} from '@recurra/layers/authoring'
import { reshape, type Tensor } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'
import { paramKey } from './recurrent-params.ts'

/** A cell from which everything is taken out that its parameters alone determine: it is the same at every step. */
interface Hoisted {
  /** What is left reads the results as the operands `once.0`, … */
  readonly cell: CellDefinition
  /** param.* -> once.* */
  readonly forward: Program
  /** d.once.* -> d.param.*, accumulated */
  readonly backward: Program
  /** The results, and the parameters that they are made of, as operands. */
  readonly results: readonly string[]
  readonly params: readonly string[]
}

const isLearned = ({ op, kind }: Expression): boolean => op === 'input' && kind === 'column'
const fixed = (e: Expression): boolean =>
  e.op === 'constant' || isLearned(e) || (e.op !== 'mean' && e.args.length > 0 && e.args.every(fixed))
const expensive = ({ op, args }: Expression): boolean => Boolean(operations[op].expensive) || args.some(expensive)

const known = new WeakMap<CellDefinition, Hoisted>()

/** Takes out what is expensive; a sum of two parameters is as cheap as reading one. */
export const hoist = (cell: CellDefinition): Hoisted => {
  let hoisted = known.get(cell)
  if (!hoisted) known.set(cell, (hoisted = derive(cell)))
  return hoisted
}

const derive = (cell: CellDefinition): Hoisted => {
  const once = new Map<Expression, string>()
  const reduced = (e: Expression): Expression =>
    substitute(e, (part) => {
      if (!fixed(part) || !expensive(part)) return undefined
      if (!once.has(part)) once.set(part, operandOf('once', once.size))
      return input(once.get(part)!, 'column')
    })
  const next = Object.fromEntries(Object.entries(cell.next).map(([slot, e]) => [slot, reduced(e)]))
  const recurrentInputs = cell.recurrentInputs.map((one) => ({ ...one, value: reduced(one.value) }))
  // One row as wide as the layer, so that here a parameter is an operand like any other.
  const each = (e: Expression): Expression => substitute(e, (part) => (isLearned(part) ? input(part.name) : undefined))
  const values = Object.fromEntries([...once].map(([e, name]) => [name, each(e)]))
  const params = [...inputsOf(Object.values(values)).keys()]
  const { outputs, gradients } = differentiate(values, params, { save: false })
  return {
    cell: { ...cell, next, recurrentInputs },
    forward: programOf(outputsOf(outputs)),
    backward: programOf(
      outputsOf(Object.fromEntries(params.map((name) => [gradientOf(name), accumulate(gradients[name]!)]))),
    ),
    results: [...once.values()],
    params,
  }
}

/** What each unit has learned, and what of it is computed once for all steps. */
export interface Once {
  readonly operands: { readonly [name: string]: Tensor }
  readonly pass: Pass
}

/** Binds the per-unit parameters of a layer, and what `hoist` took out. */
export const bindOnce = (
  { cell, results, params, forward, backward }: Hoisted,
  own: { readonly [name: string]: Variable },
  units: number,
  backend: Backend,
  callShape: CallShape,
): Once => {
  const training = callShape.mode === 'training'
  const learned = new Map(cell.params.map((name) => [operandOf('param', name), own[paramKey(name)]!]))
  const result = (): Variable => sharedBySegments(callShape, () => variable(backend, [units], training))
  const made = new Map(results.map((name) => [name, result()]))
  const operands: { [name: string]: Tensor } = {}
  const rows: { [name: string]: Tensor } = {}
  for (const [name, one] of [...learned, ...made]) {
    operands[name] = one.value
    if (training) operands[gradientOf(name)] = one.grad
    if (!made.has(name) && !params.includes(name)) continue
    rows[name] = rows[writtenAs(name)] = reshape(one.value, [1, units])
    if (training) rows[gradientOf(name)] = reshape(one.grad, [1, units])
  }
  if (results.length === 0) return { operands, pass: passOf([]) }
  // All steps add to the gradients of the results, which are 0 again when they have been passed on.
  const clear = [...made.values()].map(({ grad }) => zero(backend, grad))
  const back = training ? [backend.formula(backward, rows), ...clear] : []
  return { operands, pass: afterAllSteps(callShape, passOf([backend.formula(forward, rows)], back)) }
}
