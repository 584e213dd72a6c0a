import type { Backend } from '@recurra/backend'
import type { OperandKind, Program } from '@recurra/formula'
import { Random, sizeOf } from '@recurra/tensor'
import { define, sizeOfOperand } from './define.ts'
import { guarded, type Guarded } from './guarded.ts'
import { epsilon } from './ulps.ts'

const steps = 3

/** The layout of one operand: with time as a further axis, or with gaps. */
export interface Lay {
  /** Whether there is a time axis. */
  readonly stepped: boolean
  /** The number of unused values between its rows. */
  readonly gap: number
}

const shapeOf: Readonly<Record<OperandKind, (rows: number, columns: number) => number[]>> = {
  element: (rows, columns) => [rows, columns],
  column: (_, columns) => [columns],
  row: (rows) => [rows, 1],
  scalar: () => [1],
}

/** Drops the axis of size 1 that gave a row operand or a scalar room for gaps. */
const placed = (backend: Backend, kind: OperandKind, rows: number, columns: number, { stepped, gap }: Lay): Guarded => {
  const made = guarded(backend, [...(stepped ? [steps] : []), ...shapeOf[kind](rows, columns)], { gap })
  if (kind === 'element' || kind === 'column') return made
  const { data, shape, stride, offset } = made.view
  return { ...made, view: { data, shape: shape.slice(0, -1), stride: stride.slice(0, -1), offset } }
}

/** The faults of a program at one step: wrong values, and writes out of bounds. */
export const formulaFaults = async (
  backend: Backend,
  program: Program,
  size: readonly [rows: number, columns: number],
  lays: readonly Lay[],
  step: number,
  seed: number,
): Promise<string[]> => {
  const random = new Random(seed)
  const kinds = new Map([...program.inputs, ...program.outputs].map(({ name, kind }) => [name, kind]))
  const spans = (...of: OperandKind[]): boolean => [...kinds.values()].some((kind) => of.includes(kind))
  // Without an operand that spans an axis the grid has only one row or column.
  const [rows, columns] = [spans('element', 'row') ? size[0] : 1, spans('element', 'column') ? size[1] : 1]
  const tensors: Record<string, Guarded> = {}
  const before: Record<string, number[]> = {}
  const whole: Record<string, number[]> = {}
  for (const [i, [name, kind]] of [...kinds].entries()) {
    const lay = lays[i % lays.length]!
    const made = (tensors[name] = placed(backend, kind, rows, columns, lay))
    // Few distinct numbers, so that `equal` and `max` compare equal ones.
    const values = Array.from({ length: sizeOf(made.view.shape) }, () => Math.round(random.uniform(-2, 2) * 16) / 16)
    backend.write(made.view, values)
    const size = sizeOfOperand[kind](rows, columns)
    whole[name] = values
    before[name] = whole[name].slice(lay.stepped ? step * size : 0).slice(0, size)
  }
  const expected = define(program, { rows, columns }, before)
  backend.formula(program, Object.fromEntries(Object.entries(tensors).map(([name, { view }]) => [name, view])))(step)
  const found: string[] = []
  const after = await Promise.all(Object.values(tensors).map((made) => Promise.all([made.read(), made.trespasses()])))
  for (const [i, [name, kind]] of [...kinds].entries()) {
    const size = sizeOfOperand[kind](rows, columns)
    const from = lays[i % lays.length]!.stepped ? step * size : 0
    const [numbers, trespasses] = after[i]!
    if (trespasses !== 0) found.push(`${name} was written outside its view`)
    numbers.forEach((got, at) => {
      const place = at - from
      const { values, weights } = expected[name] ?? { values: [], weights: [] }
      const written = name in expected && place >= 0 && place < size
      const want = written ? values[place]! : whole[name]![at]!
      // One rounding per sum, and some dozens within a term of size 1.
      const limit = written ? epsilon[backend.dtype] * (rows * columns + 64) * Math.max(1, weights[place]!) : 0
      if (!(Math.abs(got - want) <= limit))
        found.push(`${name}[${at}] = ${got}, not ${want} (${kind}, grid [${rows}, ${columns}])`)
    })
  }
  return found
}
