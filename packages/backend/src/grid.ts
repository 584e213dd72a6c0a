import type { OperandKind, Operand, Program } from '@recurra/formula'
import { describeShape, expectHeld, ShapeError, type Floats, type Tensor } from '@recurra/tensor'

/**
 * The place of an operand of a formula in memory: element (row, column) at a step is `data[offset + step * perStep +
 * row * perRow + column]`.
 */
export interface Place {
  /** The memory. */
  readonly data: Floats | Int32Array
  /** The position of its first element. */
  readonly offset: number
  /** From one step to the next; 0 if it is the same at every step. */
  readonly perStep: number
  /** From one row to the next; 0 if it is the same in every row. */
  readonly perRow: number
}

/** The grid that a formula runs on, and the place of every operand: inputs first, then outputs. */
export interface Grid {
  /** How many rows: 1 where rows without gaps follow each other. */
  readonly rows: number
  /** How many columns a row has. */
  readonly columns: number
  /** Where each operand lies. */
  readonly places: readonly Place[]
}

/** The operands of a formula by name. */
export type OperandTensors = { readonly [name: string]: Tensor<Floats | Int32Array> }

/** The number of grid axes of an operand, by its kind. */
export const rank: Readonly<Record<OperandKind, number>> = { element: 2, column: 1, row: 1, scalar: 0 }

const fault = (name: string, expected: string, got: string): ShapeError =>
  new ShapeError({ where: `operand ${name}`, expected, got, fix: 'Bind tensors that lie over one grid.' })

const placeOf = ({ name, kind }: Operand, tensors: OperandTensors): Place & { readonly shape: readonly number[] } => {
  const x = tensors[name]
  if (!x) throw fault(name, 'a tensor', 'nothing')
  const stepped = x.shape.length - rank[kind]
  if (stepped !== 0 && stepped !== 1)
    throw fault(name, `${rank[kind]} axes, or one more for time`, describeShape(x.shape))
  const shape = x.shape.slice(stepped)
  const stride = x.stride.slice(stepped)
  if ((kind === 'element' || kind === 'column') && stride.at(-1) !== 1 && shape.at(-1)! > 1)
    throw fault(name, 'contiguous columns', `strides ${describeShape(x.stride)}`)
  const perRow = kind === 'element' || kind === 'row' ? stride[0]! : 0
  return { data: x.data, offset: x.offset, perStep: stepped ? x.stride[0]! : 0, perRow, shape }
}

/**
 * Finds the grid that all operands agree on.
 * @throws `ShapeError` if they do not.
 * @throws `ValueError` if a constant of the formula would become infinite in float32.
 */
export const gridOf = (program: Program, tensors: OperandTensors): Grid => {
  const operands = [...program.inputs, ...program.outputs]
  const places = operands.map((operand) => placeOf(operand, tensors))
  if (places.some(({ data }) => data instanceof Float32Array))
    expectHeld(program.code.map(({ value }) => value), 'float32', 'constants of a formula')
  const agreed = { rows: -1, columns: -1 }
  const agree = (axis: 'rows' | 'columns', size: number, name: string): void => {
    if (agreed[axis] >= 0 && agreed[axis] !== size) throw fault(name, `${agreed[axis]} ${axis}`, String(size))
    agreed[axis] = size
  }
  operands.forEach(({ name, kind }, i) => {
    const { shape } = places[i]!
    if (kind === 'element' || kind === 'row') agree('rows', shape[0]!, name)
    if (kind === 'element' || kind === 'column') agree('columns', shape.at(-1)!, name)
  })
  const rows = agreed.rows < 0 ? 1 : agreed.rows
  const columns = agreed.columns < 0 ? 1 : agreed.columns
  // Rows without gaps between them are one long row: a single tight loop.
  const flat = operands.every(
    ({ kind }, i) => kind === 'scalar' || (kind === 'element' && places[i]!.perRow === columns),
  )
  const columnAware = program.code.some(({ op }) => op === 'column')
  return flat && !columnAware ? { rows: 1, columns: rows * columns, places } : { rows, columns, places }
}
