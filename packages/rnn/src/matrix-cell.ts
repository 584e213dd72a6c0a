import { input, inputsOf, select, type Expression } from '@recurra/formula'
import {
  defineLayer, inSequence, linear, parameter, sequence, variable, type Blueprint, type BuiltLayer, type Layer,
  type Sequence, type Variable,
} from '@recurra/layers/authoring'
import { describeValue, expectKnown, isRecord, option, options } from '@recurra/tensor'
import { expectFormulas, expectNames, expectOnlyGiven, refuse, refuseIdle, strict } from './expect-cell.ts'
import { planMatrix, programsOf, widthOf, type Gate, type MatrixSizes } from './matrix-steps.ts'
import { operandOf, roleAndName } from './operands.ts'

/** How the gates of a matrix cell lie over the matrix; each is x·W + b. */
export interface MatrixGates<R extends string, C extends string, N extends string> {
  /** One value per row, such as a key. */
  readonly row?: readonly R[]
  /** One value per column, such as a value. */
  readonly column?: readonly C[]
  /** One value per matrix, such as a decay. */
  readonly scalar?: readonly N[]
}

/** The values that the formula of a matrix cell reads, for one element of the matrix. */
export interface MatrixScope<G extends string> {
  /** The state of the previous step. */
  readonly S: Expression
  /** The gates, by name. */
  readonly gate: { readonly [gate in G]: Expression }
}

/** The values that the formula of a matrix cell returns. */
export interface MatrixStep {
  /** The new state. */
  readonly S: Expression
  /** The terms whose sum over the rows is the output. */
  readonly y: Expression
}

/** The state of a matrix cell. */
export type MatrixState = {
  /** The matrix of each head: [batch, heads, rows, columns]. */
  readonly S: Variable
}

/** A built matrix cell: its formula is enough to write it in other languages. */
export interface MatrixCellLayer extends Layer {
  /** What it computes. */
  readonly matrixCell: Required<MatrixSizes> & {
    /** The formulas of one element; they read the state as `prev`. */
    readonly step: MatrixStep
    /** The gates of a head as they lie side by side. */
    readonly gates: readonly MatrixGate[]
  }
}

/** A gate of a matrix cell. */
export interface MatrixGate {
  /** The name of its operand. */
  readonly name: string
  /** How many columns it has in each head. */
  readonly width: number
}

const kinds = ['row', 'column', 'scalar'] as const

/**
 * A recurrent layer whose state is a matrix per head, from the formula of one element; Recurra derives its gradient.
 * Linear attention with a decay (Katharopoulos et al. 2020, Yang et al. 2024), S' = σ(a)·S + k ⊗ v and y = q·S':
 *
 * ```ts
 * import { matrixCell, sequential, sigmoid } from 'recurra'
 *
 * const gates = { row: ['q', 'k'], column: ['v'], scalar: ['a'] } as const
 * const linearAttention = matrixCell('linearAttention', gates, ({ S, gate: { q, k, v, a } }) => {
 *   const next = S.mul(sigmoid(a)).add(k.mul(v))
 *   return { S: next, y: q.mul(next) }
 * })
 * const model = sequential(4, [linearAttention({ heads: 2, rows: 3, columns: 5 })])
 * console.log(model.out) // { kind: 'sequence', size: 10 }
 * ```
 * @throws `ConfigurationError` if a name is used twice, a gate is never read or has an unknown kind, or the body
 * returns something other than formulas of S and y in terms of its arguments; and from what it returns if a size is not
 * a positive integer.
 */
export const matrixCell = <R extends string = never, C extends string = never, N extends string = never>(
  type: string, gates: MatrixGates<R, C, N>, body: (scope: MatrixScope<R | C | N>) => MatrixStep,
): ((sizes: MatrixSizes) => Blueprint<Sequence, Sequence, MatrixState>) => {
  const named = namedGates(gates, type)
  const prev = input('prev')
  const step = stepOf(prev, named, body as (scope: MatrixScope<string>) => MatrixStep, type)
  const { S: next, y: out } = step
  const mask = input('mask', 'scalar') // padding keeps its state
  const programs = {
    full: programsOf({ S: next, out }, named),
    padded: programsOf({ S: select(mask, next, prev), out: select(mask, out, 0) }, named),
  }
  return (given) => {
    const sizes = options(type, given, {
      rows: option.required(option.count()), columns: option.required(option.count()), heads: option.count(1),
    })
    const wide = sizes.heads * named.reduce((sum, { kind }) => sum + widthOf(kind, sizes), 0)
    return defineLayer({
      type,
      options: { ...given },
      accepts: ['sequence'],
      build({ size }, context): BuiltLayer & Pick<MatrixCellLayer, 'matrixCell'> {
        const { backend } = context
        const weight = parameter([size, wide], { uniform: 1 / Math.sqrt(size) }, context)
        const params = { weight, bias: parameter([wide], 0, context) }
        return {
          out: sequence(sizes.heads * sizes.columns),
          params,
          matrixCell: {
            ...sizes, step, gates: named.map(({ name, kind }) => ({ name, width: widthOf(kind, sizes) })),
          },
          plan(x, callShape) {
            const { batch, mode, lengths } = callShape
            const z = variable(backend, [callShape.steps, batch, wide], mode === 'training')
            const steps = planMatrix(backend, sizes, named, programs[lengths ? 'padded' : 'full'], z, callShape)
            return { ...steps, pass: inSequence(linear(backend, { x, ...params, y: z }, callShape), steps.pass) }
          },
        }
      },
    })
  }
}

const namedGates = (gates: MatrixGates<string, string, string>, where: string): readonly Gate[] => {
  expectKnown(Object.keys(gates), kinds, where, 'kind of gate')
  for (const kind of kinds) expectNames(gates[kind] ?? [], kind, 0, where)
  expectNames(kinds.flatMap((kind) => gates[kind] ?? []), 'gates', 1, where)
  return kinds.flatMap((kind) => (gates[kind] ?? []).map((name) => ({ name: operandOf('gate', name), kind })))
}

/** The step that a body writes down, with a check of what it reads and returns. */
const stepOf = (
  prev: Expression, named: readonly Gate[], body: (scope: MatrixScope<string>) => MatrixStep, where: string,
): MatrixStep => {
  const operands = named.map(({ name, kind }) => [name, input(name, kind)] as const)
  const gate = Object.fromEntries(operands.map(([name, operand]) => [roleAndName(name)[1], operand]))
  const returned: unknown = body(strict({ S: prev, gate: strict(gate, 'gate', where) }, 'part of the scope', where))
  if (!isRecord(returned))
    return refuse(where, 'the state after a step and its output', describeValue(returned), 'Return { S: …, y: … }.')
  expectKnown(Object.keys(returned), ['S', 'y'], where, 'part of what a matrix cell returns')
  const { S, y } = returned
  expectFormulas({ S, y }, 'formula of', where)
  const step = { S, y } as MatrixStep
  const formulas = [step.S, step.y]
  expectOnlyGiven(formulas, new Set([prev, ...operands.map(([, operand]) => operand)]), where, 'Use S and gate.')
  const read = inputsOf(formulas)
  const idle = named.find(({ name }) => !read.has(name))
  return idle ? refuseIdle(roleAndName(idle.name)[1], where) : step
}
