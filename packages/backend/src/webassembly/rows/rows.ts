import { expectIndices, type Indices, type Tensor } from '@recurra/tensor'
import type { Backend, Kernel } from '../../backend.ts'
import { expectRowMove } from '../../row-moves.ts'
import { f32, f32x4, i32, ModuleBuilder, type FunctionBuilder, type Local } from '../assembler/index.ts'
import { instantiate } from '../engine.ts'
import { addressOf, type Heap } from '../heap.ts'

type Pointer = Local<'i32'>
type Body = (table: Pointer, row: Pointer) => void

/** `one` or `four` for all columns of a row of the table and the row that goes with it, `count` times. */
const moveRows = (
  module: ModuleBuilder,
  name: string,
  bodies: (f: FunctionBuilder) => { readonly four: Body; readonly one: Body },
): void => {
  module.export(name, 8, (f, count, columns, table, perTableRow, rows, perRow, indices, perIndex) => {
    const { four, one } = bodies(f)
    const [inTable, inRow, left] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const through = (width: number, body: Body): void =>
      f.countdown(left, width, () => {
        body(inTable, inRow)
        f.advance(inTable, width * 4)
        f.advance(inRow, width * 4)
      })
    f.countdown(count, 1, () => {
      f.set(inTable, i32.add(table, i32.mul(i32.load(indices), perTableRow)))
      f.set(inRow, rows)
      f.set(left, columns)
      through(4, four)
      through(1, one)
      f.advance(rows, perRow)
      f.advance(indices, perIndex)
    })
  })
}

type Move = (
  count: number,
  columns: number,
  table: number,
  perTableRow: number,
  rows: number,
  perRow: number,
  indices: number,
  perIndex: number,
) => void

const assemble = (): ModuleBuilder => {
  const module = new ModuleBuilder()
  moveRows(module, 'gather', (f) => ({
    four: (table, row) => f.do(f32x4.store(row, f32x4.load(table))),
    one: (table, row) => f.do(f32.store(row, f32.load(table))),
  }))
  moveRows(module, 'scatterAdd', (f) => ({
    four: (table, row) => f.do(f32x4.store(table, f32x4.add(f32x4.load(table), f32x4.load(row)))),
    one: (table, row) => f.do(f32.store(table, f32.add(f32.load(table), f32.load(row)))),
  }))
  return module
}

/** `gather` and `scatterAdd` on a WebAssembly heap. */
export const rowsOn = (heap: Heap): Pick<Backend, 'gather' | 'scatterAdd'> => {
  const moves = instantiate(assemble(), heap.memory) as { readonly [name: string]: Move }
  const alive = new WeakMap<Kernel, unknown>()
  const bind = (name: 'gather' | 'scatterAdd', table: Tensor, rows: Tensor, indices: Indices): Kernel => {
    const [count, columns] = rows.shape as [number, number]
    const [to, perTableRow] = [addressOf(table) | 0, table.stride[0]! * 4]
    const [from, perRow] = [addressOf(rows) | 0, rows.stride[0]! * 4]
    const [which, perIndex] = [addressOf(indices) | 0, indices.stride[0]! * 4]
    const [move, tableRows] = [moves[name]!, table.shape[0]!]
    const kernel: Kernel = () => {
      expectIndices(indices, tableRows, name) // an index out of range would read other memory
      move(count, columns, to, perTableRow, from, perRow, which, perIndex)
    }
    alive.set(kernel, [table.data, rows.data, indices.data])
    return kernel
  }
  return {
    gather: ({ out, table, indices }) => {
      expectRowMove(out, table, indices, 'gather')
      return bind('gather', table, out, indices)
    },
    scatterAdd: ({ table, rows, indices }) => {
      expectRowMove(rows, table, indices, 'scatterAdd')
      return bind('scatterAdd', table, rows, indices)
    },
  }
}
