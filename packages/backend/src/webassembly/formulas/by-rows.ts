import type { ProgramOutput } from '@recurra/formula'
import { i32, type I32, type V128 } from '../assembler/index.ts'
import { Fold } from './folds.ts'
import { four, one, type KernelCode, type Range, type Width } from './kernel-code.ts'

type Folding = { readonly output: ProgramOutput; readonly index: number; readonly fold: Fold }

/** Bytes of a row that are summed in float32. */
const block = 1024

/** Row after row: element-wise outputs, and folds along the rows or over all. */
export const writeByRows = (code: KernelCode, { step, fromRow, toRow, from, to }: Range): void => {
  const { f, a } = code
  const folding: Folding[] = code.pass.program.outputs.flatMap((output, index) =>
    output.kind === 'each' || output.fold === 'none' ? [] : [{ output, index, fold: new Fold(f, a, output.fold) }])
  const [ofRows, ofAll] = [folding.filter(({ output }) => output.kind === 'row'), folding.filter(({ output }) => output.kind === 'scalar')]
  const summing = folding.some(({ output }) => output.fold === 'sum')
  const pointers = code.pointers(step, fromRow)
  const scalars = code.hoist(new Map(), pointers, 'scalar')
  for (const { fold } of ofAll) fold.begin()
  const row = f.local('i32', fromRow)
  const offset = f.local('i32')

  const columns = (known: ReadonlyMap<number, V128>, end: I32, width: Width): void =>
    f.while(i32.notEqual(offset, end), () => {
      const lines = code.body(known, pointers, offset, width)
      code.storeEach(lines, pointers, offset, width)
      for (const { output, fold } of folding) fold.take(lines.value(output.from), width === one ? a.lanes(-1, 0, 0, 0) : undefined)
      f.advance(offset, width.bytes)
    })
  const stretch = (known: ReadonlyMap<number, V128>, end: I32): void => {
    const vectors = f.local('i32', i32.add(offset, i32.and(i32.sub(end, offset), i32.constant(-16))))
    columns(known, vectors, four)
    columns(known, end, one)
  }

  f.while(i32.notEqual(row, toRow), () => {
    const known = code.hoist(scalars, pointers, 'row')
    for (const { fold } of ofRows) fold.begin()
    f.set(offset, from)
    if (!summing) stretch(known, to)
    else
      f.while(i32.notEqual(offset, to), () => {
        const end = f.local('i32', to)
        f.if(i32.lessUnsigned(i32.constant(block), i32.sub(to, offset)), () => f.set(end, i32.add(offset, i32.constant(block))))
        stretch(known, end)
        for (const { fold } of folding) fold.settle()
      })
    for (const { index, fold } of ofRows) code.store(index, pointers, one, fold.result())
    code.advance(pointers)
    f.advance(row, 1)
  })
  for (const { index, fold } of ofAll) code.store(index, pointers, one, fold.result())
}
