import { i32, type FunctionBuilder, type I32, type Local } from '../assembler/index.ts'
import type { Grid, Place } from '../../grid.ts'

/** What a call computes: some rows, and some bytes of each. */
export interface Range {
  readonly fromRow: Local<'i32'>
  readonly toRow: Local<'i32'>
  readonly from: Local<'i32'>
  readonly to: Local<'i32'>
}

/** The axis of the grid that is split between calls. */
export type Cut = 'rows' | 'columns'

export const float = 4 // bytes
const fields = ['rows', 'bytes', 'cutsColumns'] as const
const pointerFields = ['address', 'perStep', 'perRow'] as const
type PointerField = (typeof pointerFields)[number]

/** The bound operands as integers in memory: the grid, then the start and strides of each pointer, in bytes. */
export const tableOf = ({ rows, columns }: Grid, cut: Cut, pointers: readonly Place[]): readonly number[] => [
  rows,
  columns * float,
  cut === 'columns' ? 1 : 0,
  ...pointers.flatMap(({ data, offset, perStep, perRow }) => [
    data.byteOffset + offset * float,
    perStep * float,
    perRow * float,
  ]),
]

const field = (table: I32, name: (typeof fields)[number]): I32 => i32.load(table, float * fields.indexOf(name))

export const pointerField = (table: I32, pointer: number, name: PointerField): I32 =>
  i32.load(table, float * (fields.length + pointer * pointerFields.length + pointerFields.indexOf(name)))

/** The whole grid, except along the axis that is split. */
export const rangeOf = (f: FunctionBuilder, table: I32, from: I32, to: I32): Range => {
  const range: Range = {
    fromRow: f.local(from),
    toRow: f.local(to),
    from: f.local('i32'),
    to: f.local(field(table, 'bytes')),
  }
  f.if(field(table, 'cutsColumns'), () => {
    f.set(range.fromRow, 0)
    f.set(range.toRow, field(table, 'rows'))
    f.set(range.from, from)
    f.set(range.to, to)
  })
  return range
}
