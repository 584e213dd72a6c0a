import {
  f32x4, i32, type FunctionBuilder, type I32, type Local, type ModuleBuilder, type V128,
} from '../assembler/index.ts'
import { float, times } from './addresses.ts'

/** The rows of the tile of sums that stays in registers. */
export const tileRows = 4
export const widestTile = 16

/** How a tile is computed. */
export interface Tile {
  /** a·b + c, rounded once where the engine can. */
  readonly multiplyAdd: (a: V128, b: V128, c: V128) => V128
  /** Its columns: 2 vectors measured best on V8, and more spill, unless V8 joins two vectors in one register. */
  readonly width: 8 | typeof widestTile
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/**
 * out = start + a · b for tiles one below the other, from packed `a` [rows / 4, depth, 4] and packed `b` [depth,
 * width]: (rows, depth, a, b, out, outDown, start, startDown), strides in bytes. An incomplete last tile is left out.
 * Smaller tiles, of one row or of one vector, fit the edges; every sum is added up in the same order.
 *
 * The loop over the depth is four rounds long, with an exit after each. The exits are what makes the unrolling pay: V8
 * moves loads up and sums down as far as a basic block reaches, and would run out of registers. A loop of one round is
 * limited by the decoder, because every round has a stack check and a jump (measured: 30 GFLOP/s with one round, 39
 * with four).
 */
export const defineTiles = (
  module: ModuleBuilder, { multiplyAdd, width }: Tile, rowsOfTile: number = tileRows, vectors: number = width / 4,
): FunctionBuilder => {
  const [row, column] = [upTo(rowsOfTile), upTo(vectors)]
  return module.define(
    8,
    (f, rows, depth, a, panel, out, outDown, start, startDown) => {
      const sums = row.map(() => column.map(() => f.local('v128')))
      const weights = column.map(() => f.local('v128'))
      const [x, b] = [f.local('v128'), f.local('i32')]
      const end = f.local(i32.add(panel, times(depth, width * float)))

      const round = (): void => {
        for (const v of column) f.set(weights[v]!, f32x4.load(b, 16 * v))
        for (const r of row) {
          f.set(x, f32x4.loadSplat(a, float * r))
          for (const v of column) f.set(sums[r]![v]!, multiplyAdd(x, weights[v]!, sums[r]![v]!))
        }
        f.advance(a, tileRows * float)
        f.advance(b, width * float)
      }
      f.countdown(rows, rowsOfTile, () => {
        for (const r of row) {
          for (const v of column) f.set(sums[r]![v]!, f32x4.load(start, 16 * v))
          f.advance(start, startDown)
        }
        f.set(b, panel)
        f.block((leave) =>
          f.repeat(
            () => {
              for (let i = 0; i < 3; i++) {
                round()
                leave(i32.greaterOrEqualUnsigned(b, end))
              }
              round()
            },
            i32.lessUnsigned(b, end),
          ),
        )
        for (const r of row) {
          for (const v of column) f.do(f32x4.store(out, sums[r]![v]!, 16 * v))
          f.advance(out, outDown)
        }
      })
    },
  )
}

const widths = [[4, f32x4.load, f32x4.store], [1, f32x4.loadFirst, f32x4.storeFirst]] as const

/** Copies rows and columns: (rows, columns, from, fromDown, to, toDown). */
export const defineCopy = (module: ModuleBuilder): FunctionBuilder =>
  module.define(6, (f, rows, columns, from, fromDown, to, toDown) => {
    const left = f.local('i32')
    const [source, target] = [f.local('i32'), f.local('i32')]
    f.countdown(rows, 1, () => {
      f.set(left, columns)
      f.set(source, from)
      f.set(target, to)
      for (const [count, load, store] of widths)
        f.countdown(left, count, () => {
          f.do(store(target, load(source)))
          f.advance(source, count * float)
          f.advance(target, count * float)
        })
      f.advance(from, fromDown)
      f.advance(to, toDown)
    })
  })

/**
 * The same for a tile that extends past the edge of `out`: (…, rows, columns, scratch), where `rows` and `columns` are
 * those inside. The whole tile is computed in scratch memory.
 */
export const defineEdgeTile = (
  module: ModuleBuilder,
  tiles: FunctionBuilder,
  { width }: Tile,
  copy: FunctionBuilder,
): FunctionBuilder => {
  return module.define(10, (f, depth, a, b, out, outDown, start, startDown, rows, columns, scratch) => {
    const down: I32 = width * float
    f.call(copy, rows, columns, start, startDown, scratch, down)
    f.call(tiles, tileRows, depth, a, b, scratch, down, scratch, down)
    f.call(copy, rows, columns, scratch, down, out, outDown)
  })
}

/** The smaller of two counts. */
export const smaller = (f: FunctionBuilder, a: I32, b: I32): Local<'i32'> => {
  const made = f.local(a)
  f.if(i32.less(b, made), () => f.set(made, b))
  return made
}
