import { batchedFormula, type Backend } from '@recurra/backend'
import {
  differentiate, gradientOf, input, outputsOf, programOf, substitute, sumOverAll, sumOverColumns, sumOverRows,
  writtenAs, type Expression, type Program,
} from '@recurra/formula'
import {
  copy, gradientRows, inSequence, overSteps, passOf, rowMask, variable, viewOn, type CallShape, type PlannedCall,
  type Slots, type Variable,
} from '@recurra/layers/authoring'
import { at, reshape, rows, viewOf, type Tensor } from '@recurra/tensor'
import { maskOfHeads } from './mask-of-heads.ts'

/** The sizes of a matrix cell. */
export interface MatrixSizes {
  /** Rows of the matrix: the size of keys and queries. */
  readonly rows: number
  /** Columns of the matrix: the size of values, and of the output of a head. */
  readonly columns: number
  /** Heads, each with a matrix of its own. Default: 1. */
  readonly heads?: number
}

/** A gate by the name of its operand, and how it lies over the matrix. */
export interface Gate {
  readonly name: string
  readonly kind: 'row' | 'column' | 'scalar'
}

interface Programs {
  readonly forward: Program
  readonly backward: Program
}

const sums = { row: sumOverColumns, column: sumOverRows, scalar: sumOverAll }

/** How many columns of the weights a gate of one head has. */
export const widthOf = (kind: Gate['kind'], { rows, columns }: MatrixSizes): number =>
  kind === 'row' ? rows : kind === 'column' ? columns : 1

/** A step, and its gradients: those of the gates, and in place that of the state, carried from step to step. */
export const programsOf = (
  step: { readonly S: Expression; readonly out: Expression }, named: readonly Gate[],
): Programs => {
  const inputs = ['prev', ...named.map(({ name }) => name)]
  const { gradients, outputs: { S, out } } = differentiate(step, inputs, { save: false })
  const inMemory = ({ op, name }: Expression): Expression | undefined => {
    if (op === 'input' && name === gradientOf('out')) return input('d.y', 'column')
    return op === 'input' && name === writtenAs('out') ? out : undefined
  }
  const gradient = (name: string): Expression => substitute(gradients[name]!, inMemory)
  const grads = named.map(({ name, kind }) => [gradientOf(name), sums[kind](gradient(name))] as const)
  return {
    forward: programOf(outputsOf<string>({ 'y.S': S!, y: sumOverRows(out!) })),
    backward: programOf(outputsOf<string>({ ...Object.fromEntries(grads), 'd.S': gradient('prev') })),
  }
}

/** The steps of a matrix, from the gates that lie side by side for each head. */
export const planMatrix = (
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
    return [name, viewOn(z, (of) =>
      viewOf(of, [steps, groups, ...axis], [groups * wide, wide, ...axis.map(() => 1)], of.offset + at))] as const
  })
  const history = backend.zeros([steps + 1, groups, ...matrix])
  const grad = backend.zeros(training ? [groups, ...matrix] : [0])
  const y = variable(backend, [steps, batch, heads * sizes.columns], training)
  const { x: dy, clean } = gradientRows(backend, y, callShape)
  const output = (of: Tensor): Tensor => reshape(of, [steps, groups, sizes.columns])
  const real = rowMask(callShape)
  const spread = real && maskOfHeads(backend, real, heads)
  const operands = {
    ...Object.fromEntries(gates.map(([name, { value }]) => [name, value])),
    ...(spread && { mask: reshape(spread.mask, [steps, groups]) }),
    prev: rows(history, 0, steps), 'y.S': rows(history, 1, steps + 1),
  }
  const step = passOf(
    [batchedFormula(backend, forward, { ...operands, y: output(y.value) })],
    training
      ? [batchedFormula(backend, backward, {
          ...operands, ...Object.fromEntries(gates.map(([name, { grad }]) => [gradientOf(name), grad])), 'd.S': grad,
          'd.y': output(dy),
        })]
      : [],
  )
  const slot = (value: Tensor, grad: Tensor): { readonly S: Variable } =>
    ({ S: viewOn({ value, grad }, (of) => reshape(of, [batch, heads, ...matrix])) })
  const [initial, final] = [slot(at(history, 0), grad), slot(at(history, steps), backend.zeros(grad.shape))]
  const arrive = [...clean, copy(backend, final.S.grad, initial.S.grad)]
  const pass = inSequence(passOf(spread ? [spread.spread] : []), overSteps(steps, step), passOf([], arrive))
  return { y, initial, final, pass }
}
