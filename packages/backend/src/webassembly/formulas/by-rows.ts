import { i32, type I32 } from '../assembler/index.ts'
import { reductionInto } from './reductions.ts'
import type { GridCode } from './grid-code.ts'
import type { Values } from './computed-values.ts'
import { one } from './operands.ts'
import type { Range } from './table.ts'

/** Bytes of a row that are summed in float32. */
const block = 2048

/** Row after row: element-wise outputs, and reductions along the rows or over all. */
export const writeByRows = (code: GridCode, step: I32, { fromRow, toRow, from, to }: Range): void => {
  const { f, a, operands } = code
  const parts = Math.max(1, ...code.tiers.map(({ vectors }) => vectors))
  const reductions = code
    .outputs('row', 'scalar')
    .map(([index, output]) => ({ index, output, reduction: reductionInto(f, a, output.reduce, parts) }))
  const [ofRow, ofAll] = [
    reductions.filter(({ output }) => output.kind === 'row'),
    reductions.filter(({ output }) => output.kind === 'scalar'),
  ]
  const pointers = operands.pointers(step, fromRow)
  const scalars = code.hoist('scalar', pointers, new Map())
  const [row, offset] = [f.local(fromRow), f.local('i32')]

  const stretch = (end: I32, known: Values): void =>
    code.columns(pointers, offset, end, (places) => {
      const computed = places.map((where) => code.compute(where, known)) // all, before any is stored
      computed.forEach((lines, i) => code.store(lines, places[i]!))
      computed.forEach((lines, i) => {
        for (const { output, reduction } of reductions)
          reduction.take(lines.value(output.from), i, places[i]!.width === one ? a.lanes(-1, 0, 0, 0) : undefined)
      })
    })
  const blocks = (known: Values): void =>
    f.while(i32.notEqual(offset, to), () => {
      const end = f.local(to)
      f.if(i32.lessUnsigned(block, i32.sub(to, offset)), () =>
        f.set(end, i32.add(offset, block)),
      )
      stretch(end, known)
      for (const { reduction } of reductions) reduction.settle()
    })

  for (const { reduction } of ofAll) reduction.begin()
  f.while(i32.notEqual(row, toRow), () => {
    const known = code.hoist('row', pointers, scalars)
    for (const { reduction } of ofRow) reduction.begin()
    f.set(offset, from)
    if (reductions.some(({ output }) => output.reduce === 'sum')) blocks(known)
    else stretch(to, known)
    for (const { index, reduction } of ofRow) operands.putNarrow(index, reduction.result(), pointers)
    operands.advance(pointers)
    f.advance(row, 1)
  })
  for (const { index, reduction } of ofAll) operands.putNarrow(index, reduction.result(), pointers)
}
