import { i32, type I32 } from '../assembler/index.ts'
import { join, neutral } from './folds.ts'
import { four, one, type KernelCode, type Range, type Width } from './kernel-code.ts'

/** Rows that are folded in registers before they reach the memory; a sum over many rows is a sum of short sums. */
const block = 16

/** Where rows are folded: a few rows at a time, down one strip of columns after the other. */
export const writeByColumns = (code: KernelCode, { step, fromRow, toRow, from, to }: Range): void => {
  const { f, a } = code
  const { outputs } = code.pass.program
  const pointers = code.pointers(step, fromRow)
  const scalars = code.hoist(new Map(), pointers, 'scalar')
  const [row, rows, left, offset] = [f.local('i32', fromRow), f.local('i32'), f.local('i32'), f.local('i32')]
  const vectors = f.local('i32', i32.add(from, i32.and(i32.sub(to, from), i32.constant(-16))))
  const moving = pointers.map(() => f.local('i32'))

  const clear = (end: I32, width: Width): void =>
    f.while(i32.notEqual(offset, end), () => {
      outputs.forEach(({ kind, fold, accumulate }, k) => {
        if (kind === 'unit' && fold !== 'none' && !accumulate) code.write(k, pointers, width, neutral(a, fold), offset)
      })
      f.advance(offset, width.bytes)
    })

  const strip = (end: I32, width: Width): void =>
    f.while(i32.notEqual(offset, end), () => {
      pointers.forEach((pointer, k) => f.set(moving[k]!, pointer))
      const sums = outputs.map(({ fold }) => f.local('v128', fold === 'none' ? a.constant(0) : neutral(a, fold)))
      f.set(left, rows)
      f.repeat(() => {
        const lines = code.body(scalars, moving, offset, width)
        code.storeEach(lines, moving, offset, width)
        outputs.forEach(({ kind, fold, from: line }, k) => {
          if (kind === 'unit' && fold !== 'none') f.set(sums[k]!, join(fold, sums[k]!, lines.value(line)))
        })
        code.advance(moving)
        f.advance(left, -1)
      }, left)
      outputs.forEach(({ kind, fold }, k) => {
        if (kind === 'unit' && fold !== 'none') code.write(k, pointers, width, join(fold, code.old(k, pointers, width, offset), sums[k]!), offset)
      })
      f.advance(offset, width.bytes)
    })

  f.set(offset, from)
  clear(vectors, four)
  clear(to, one)
  f.while(i32.notEqual(row, toRow), () => {
    f.set(rows, i32.sub(toRow, row))
    f.if(i32.less(i32.constant(block), rows), () => f.set(rows, i32.constant(block)))
    f.set(offset, from)
    strip(vectors, four)
    strip(to, one)
    code.advance(pointers, rows)
    f.advance(row, rows)
  })
}
