import { f32x4, i32, type FunctionBuilder, type I32, type Local, type ModuleBuilder, type V128 } from '../assembler/index.ts'
import { float, times } from './addresses.ts'

/** The tile of sums that stays in registers: 4 rows of 2 vectors. Measured best on V8; larger ones spill. */
export const tileRows = 4
export const tileColumns = 8
const vectors = tileColumns / 4

/** a·b + c, rounded once where the engine can. */
export type MultiplyAdd = (a: V128, b: V128, c: V128) => V128

const row = Array.from({ length: tileRows }, (_, r) => r)
const column = Array.from({ length: vectors }, (_, v) => v)

/**
 * out = start + a · b for tiles one below the other, from packed `a` [rows / 4, depth, 4] and packed `b` [depth, 8]:
 * (rows, depth, a, b, out, outDown, start, startDown), strides in bytes. Of rows, those of the last tile may be missing: it is
 * left out then.
 *
 * The loop over the depth is four rounds long, with an exit after each. The exits are what makes the unrolling pay: V8 moves
 * loads up and sums down as far as a basic block reaches, and would run out of registers; and one round alone is limited by
 * the decoder, for the stack check and the jump of every round (measured: 30 GFLOP/s without, 39 with).
 */
export const defineTiles = (module: ModuleBuilder, multiplyAdd: MultiplyAdd): FunctionBuilder =>
  module.define(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, depth, a, panel, out, outDown, start, startDown) => {
    const sums = row.map(() => column.map(() => f.local('v128')))
    const weights = column.map(() => f.local('v128'))
    const [x, b] = [f.local('v128'), f.local('i32')]
    const end = f.local('i32', i32.add(panel, times(depth, tileColumns * float)))

    const round = (): void => {
      for (const v of column) f.set(weights[v]!, f32x4.load(b, 16 * v))
      for (const r of row) {
        f.set(x, f32x4.loadSplat(a, float * r))
        for (const v of column) f.set(sums[r]![v]!, multiplyAdd(x, weights[v]!, sums[r]![v]!))
      }
      f.advance(a, tileRows * float)
      f.advance(b, tileColumns * float)
    }
    f.countdown(rows, tileRows, () => {
      for (const r of row) {
        for (const v of column) f.set(sums[r]![v]!, f32x4.load(start, 16 * v))
        f.advance(start, startDown)
      }
      f.set(b, panel)
      f.block((leave) =>
        f.repeat(() => {
          for (let i = 0; i < 3; i++) {
            round()
            leave(i32.greaterOrEqualUnsigned(b, end))
          }
          round()
        }, i32.lessUnsigned(b, end)))
      for (const r of row) {
        for (const v of column) f.do(f32x4.store(out, sums[r]![v]!, 16 * v))
        f.advance(out, outDown)
      }
    })
  })

/** Copies so many rows and columns: (rows, columns, from, fromDown, to, toDown). */
export const defineCopy = (module: ModuleBuilder): FunctionBuilder =>
  module.define(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, rows, columns, from, fromDown, to, toDown) => {
    const left = f.local('i32')
    const [source, target] = [f.local('i32'), f.local('i32')]
    f.countdown(rows, 1, () => {
      f.set(left, columns)
      f.set(source, from)
      f.set(target, to)
      f.countdown(left, 1, () => {
        f.do(f32x4.storeFirst(target, f32x4.loadFirst(source)))
        f.advance(source, float)
        f.advance(target, float)
      })
      f.advance(from, fromDown)
      f.advance(to, toDown)
    })
  })

/**
 * The same for a tile that reaches over the edge of `out`: (…, rows, columns, scratch), of which only so many rows and
 * columns are there. It is computed whole in scratch memory.
 */
export const defineEdgeTile = (module: ModuleBuilder, tiles: FunctionBuilder, copy: FunctionBuilder): FunctionBuilder => {
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const
  return module.define(params, (f, depth, a, b, out, outDown, start, startDown, rows, columns, scratch) => {
    const down: I32 = i32.constant(tileColumns * float)
    f.call(copy, rows, columns, start, startDown, scratch, down)
    f.call(tiles, i32.constant(tileRows), depth, a, b, scratch, down, scratch, down)
    f.call(copy, rows, columns, scratch, down, out, outDown)
  })
}

/** The smaller of two counts. */
export const smaller = (f: FunctionBuilder, a: I32, b: I32): Local<'i32'> => {
  const made = f.local('i32', a)
  f.if(i32.less(b, made), () => f.set(made, b))
  return made
}
