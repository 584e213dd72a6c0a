import type { Backend } from '@recurra/backend'
import {
  differentiate, formula, input, outputsOf, programOf, select, substitute, sumOverAll, sumOverColumns,
  sumOverRows, type Expression, type Program,
} from '@recurra/formula'
import {
  copy, defineLayer, gradientRows, inSequence, linear, overSteps, parameter, passOf, rowMask, sequence, variable,
  type Blueprint, type CallShape, type PlannedCall, type Sequence, type Slots, type Variable,
} from '@recurra/layers/authoring'
import { at, option, options, reshape, rows, viewOf, type Tensor } from '@recurra/tensor'

/** The sizes of a matrix cell. */
export interface MatrixSizes {
  /** Rows of the matrix: the size of keys and queries. */
  readonly rows: number
  /** Columns of the matrix: the size of values, and of the output of a head. */
  readonly columns: number
  /** Heads, each with a matrix of its own. Default: 1. */
  readonly heads?: number
}

/** How the gates of a matrix cell lie over the matrix; each is x·W + b. */
export interface MatrixGates<R extends string, C extends string, N extends string> {
  /** One value per row, such as a key. */
  readonly row?: readonly R[]
  /** One value per column, such as a value. */
  readonly column?: readonly C[]
  /** One value per matrix, such as a decay. */
  readonly scalar?: readonly N[]
}

/** The formula of a matrix cell, for one element: the new state, and what is summed over the rows as the output. */
export type MatrixCellBody<G extends string> = (scope: {
  readonly S: Expression
  readonly gate: { readonly [gate in G]: Expression }
}) => { readonly S: Expression; readonly y: Expression }

/** A gate by the name of its operand. */
interface Gate {
  readonly name: string
  readonly kind: (typeof kinds)[number]
}

interface Programs {
  readonly forward: Program
  readonly backward: Program
}

const kinds = ['row', 'column', 'scalar'] as const
const sums = { row: sumOverColumns, column: sumOverRows, scalar: sumOverAll }
const spreading = formula({ row: ['mask'] }, ({ mask }) => ({ spread: mask }))

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
 * @throws `FormulaError` if the body returns something other than expressions.
 * @throws `ConfigurationError` from what it returns, if a size is not a positive integer.
 */
export const matrixCell = <R extends string = never, C extends string = never, N extends string = never>(
  type: string, gates: MatrixGates<R, C, N>, body: MatrixCellBody<R | C | N>,
): ((sizes: MatrixSizes) => Blueprint<Sequence, Sequence, { S: Variable }>) => {
  const named = kinds.flatMap((kind) => (gates[kind] ?? []).map((name: string) => ({ name: `gate.${name}`, kind })))
  const prev = input('prev')
  const scope = Object.fromEntries(named.map(({ name, kind }) => [name.slice('gate.'.length), input(name, kind)]))
  const given = body({ S: prev, gate: scope as { readonly [gate in R | C | N]: Expression } })
  const [next, out] = [sumOverRows(given.S).value, sumOverRows(given.y).value] // both are expressions, or it throws
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
      build({ size }, context) {
        const { backend } = context
        const weight = parameter([size, wide], { uniform: 1 / Math.sqrt(size) }, context)
        const params = { weight, bias: parameter([wide], 0, context) }
        return {
          out: sequence(sizes.heads * sizes.columns),
          params,
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

const widthOf = (kind: Gate['kind'], { rows, columns }: MatrixSizes): number =>
  kind === 'row' ? rows : kind === 'column' ? columns : 1

/** A step, and its gradients: those of the gates, and in place that of the state, carried from step to step. */
const programsOf = (step: { readonly S: Expression; readonly out: Expression }, named: readonly Gate[]): Programs => {
  const inputs = ['prev', ...named.map(({ name }) => name)]
  const { gradients, outputs: { S, out } } = differentiate(step, inputs, { save: false })
  const inMemory = (e: Expression): Expression | undefined =>
    e.op !== 'input' ? undefined : e.name === 'd.out' ? input('d.y', 'column') : e.name === 'y.out' ? out : undefined
  const gradient = (name: string): Expression => substitute(gradients[name]!, inMemory)
  const grads = named.map(({ name, kind }) => [`d.${name}`, sums[kind](gradient(name))] as const)
  return {
    forward: programOf(outputsOf<string>({ 'y.S': S!, y: sumOverRows(out!) })),
    backward: programOf(outputsOf<string>({ ...Object.fromEntries(grads), 'd.S': gradient('prev') })),
  }
}

/** The steps of a matrix, from the gates that lie side by side for each head. */
const planMatrix = (
  backend: Backend,
  { heads = 1, ...sizes }: MatrixSizes,
  named: readonly Gate[],
  { forward, backward }: Programs,
  z: Variable,
  callShape: CallShape,
): PlannedCall & { readonly initial: Slots } => {
  const { steps, batch, mode } = callShape
  const [training, groups, matrix] = [mode === 'training', batch * heads, [sizes.rows, sizes.columns]]
  const wide = z.value.shape[2]! / heads
  let from = 0
  const gates = named.map(({ name, kind }) => {
    const [at, width] = [from, widthOf(kind, sizes)]
    from += width
    const axis = kind === 'scalar' ? [] : [width]
    const view = (of: Tensor): Tensor =>
      viewOf(of, [steps, groups, ...axis], [groups * wide, wide, ...axis.map(() => 1)], of.offset + at)
    return { value: [name, view(z.value)], grad: [`d.${name}`, training ? view(z.grad) : z.grad] } as const
  })
  const history = backend.zeros([steps + 1, groups, ...matrix])
  const grad = backend.zeros(training ? [groups, ...matrix] : [0])
  const y = variable(backend, [steps, batch, heads * sizes.columns], training)
  const { x: dy, clean } = gradientRows(backend, y, callShape)
  const output = (of: Tensor): Tensor => reshape(of, [steps, groups, sizes.columns])
  const real = rowMask(callShape)
  const mask = backend.zeros([steps, groups])
  const operands = {
    ...Object.fromEntries(gates.map(({ value }) => value)),
    mask, prev: rows(history, 0, steps), 'y.S': rows(history, 1, steps + 1),
  }
  const step = passOf(
    [backend.batchedFormula(forward, { ...operands, y: output(y.value) })],
    training
      ? [backend.batchedFormula(backward, {
          ...operands, ...Object.fromEntries(gates.map((gate) => gate.grad)), 'd.S': grad, 'd.y': output(dy),
        })]
      : [],
  )
  const slot = (value: Tensor, grad: Tensor): { readonly S: Variable } => {
    const shape = [batch, heads, ...matrix]
    return { S: { value: reshape(value, shape), grad: training ? reshape(grad, shape) : grad } }
  }
  const [initial, final] = [slot(at(history, 0), grad), slot(at(history, steps), backend.zeros(grad.shape))]
  const spread = real ? [backend.formula(spreading, { mask: real, spread: reshape(mask, [steps * batch, heads]) })] : []
  const arrive = training ? [...clean, copy(backend, final.S.grad, initial.S.grad)] : []
  return { y, initial, final, pass: inSequence(passOf(spread), overSteps(steps, step), passOf([], arrive)) }
}
