import type { Grid, Place } from '@recurra/backend/authoring'
import { formula, type OperandKind, type Program } from '@recurra/formula'
import type { AnyTensor, DeviceMemory } from './device/memory.ts'

/** A formula on its grid, for one group or many of the same size. */
export interface BoundFormula {
  readonly program: Program
  /** Its operands, inputs first. */
  readonly tensors: readonly AnyTensor[]
  readonly grid: Grid
  readonly groups: number
  /** The distance from one group to the next, of each operand. */
  readonly perGroup: readonly number[]
}

const copying = formula({ element: ['x'] }, ({ x }) => ({ y: x }))

/** What an operand spans of the grid. */
const spanOf = (kind: OperandKind, { rows, columns }: Grid): Span => [
  kind === 'element' || kind === 'row' ? rows : 1, kind === 'element' || kind === 'column' ? columns : 1,
]

type Span = readonly [rows: number, columns: number]

/** The first and the last element that an operand covers. */
const rangeOf = ({ offset, perRow }: Place, [rows, columns]: Span): readonly [first: number, last: number] => {
  const reach = (rows - 1) * perRow
  return [offset + Math.min(0, reach), offset + Math.max(0, reach) + columns - 1]
}

const overlap = (a: Place, ofA: Span, b: Place, ofB: Span): boolean => {
  if (a.data !== b.data || a.perStep !== b.perStep) return a.data === b.data
  const [[from, to], [first, last]] = [rangeOf(a, ofA), rangeOf(b, ofB)]
  return from <= last && first <= to
}

/**
 * A formula reads everything before it writes anything; but its reductions run before its elements. So inputs that a
 * reduction overwrites are copied before, and read from there.
 */
export const withSnapshots = (given: BoundFormula, memory: DeviceMemory): readonly BoundFormula[] => {
  const { program: { inputs, outputs }, grid, groups } = given
  if (outputs.length < 2) return [given]
  const spans = [...inputs, ...outputs].map(({ kind }) => spanOf(kind, grid))
  const overwritten = inputs.flatMap((_, i) =>
    outputs.some(({ kind }, o) => {
      const k = inputs.length + o
      return kind !== 'element' && overlap(grid.places[i]!, spans[i]!, grid.places[k]!, spans[k]!)
    }) ? [i] : [])
  const copies = overwritten.map((i): BoundFormula => {
    const [rows, columns] = spans[i]!
    const copy = memory.floats([groups, rows, columns])
    const to = { data: copy.data, offset: 0, perStep: 0, perRow: columns }
    return {
      program: copying as Program, tensors: [given.tensors[i]!, copy], groups,
      grid: { rows, columns, places: [grid.places[i]!, to] }, perGroup: [given.perGroup[i]!, rows * columns],
    }
  })
  const instead = <T>(all: readonly T[], of: (copy: BoundFormula) => T): T[] =>
    all.map((one, i) => (overwritten.includes(i) ? of(copies[overwritten.indexOf(i)]!) : one))
  return [
    ...copies,
    {
      ...given,
      tensors: instead(given.tensors, ({ tensors }) => tensors[1]!),
      grid: { ...grid, places: instead(grid.places, ({ grid: { places } }) => places[1]!) },
      perGroup: instead(given.perGroup, ({ perGroup }) => perGroup[1]!),
    },
  ]
}
