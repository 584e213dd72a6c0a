import { sumBlock } from '../../matrix-product.ts'
import { i32, type I32 } from '../assembler/index.ts'
import { combine, neutral } from './reductions.ts'
import type { GridCode } from './grid-code.ts'
import type { Range } from './table.ts'

/** Reduces rows into one: a few rows at a time, one strip of columns after the other. */
export const writeByColumns = (code: GridCode, step: I32, { fromRow, toRow, from, to }: Range): void => {
  const { f, a, operands } = code
  const reduced = code.outputs('column')
  const pointers = operands.pointers(step, fromRow)
  const scalars = code.hoist('scalar', pointers, new Map())
  const [row, rows, left, offset] = [f.local(fromRow), f.local('i32'), f.local('i32'), f.local('i32')]
  const moving = pointers.map(() => f.local('i32'))

  f.set(offset, from)
  code.columns(pointers, offset, to, (places) => {
    for (const where of places)
      for (const [index, { reduce, accumulate }] of reduced)
        if (!accumulate) operands.write(index, neutral(a, reduce), where)
  })
  f.while(i32.notEqual(row, toRow), () => {
    f.set(rows, i32.sub(toRow, row))
    f.if(i32.less(sumBlock, rows), () => f.set(rows, sumBlock)) // reduced in registers before they reach the memory
    f.set(offset, from)
    code.columns(pointers, offset, to, (places) => {
      const sums = reduced.map(([, { reduce }]) => places.map(() => f.local(neutral(a, reduce))))
      pointers.forEach((pointer, k) => f.set(moving[k]!, pointer))
      f.set(left, rows)
      f.repeat(() => {
        const here = places.map((where) => ({ ...where, pointers: moving }))
        const computed = here.map((where) => code.compute(where, scalars))
        computed.forEach((lines, i) => code.store(lines, here[i]!))
        reduced.forEach(([, { reduce, from: line }], k) => {
          computed.forEach((lines, i) => f.set(sums[k]![i]!, combine(reduce, sums[k]![i]!, lines.value(line))))
        })
        operands.advance(moving)
        f.advance(left, -1)
      }, left)
      reduced.forEach(([index, { reduce }], k) => {
        places.forEach(
          (where, i) => operands.write(index, combine(reduce, operands.old(index, where), sums[k]![i]!), where),
        )
      })
    })
    operands.advance(pointers, rows)
    f.advance(row, rows)
  })
}
