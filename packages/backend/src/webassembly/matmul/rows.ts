import { f32x4, i32, type FunctionBuilder, type I32, type ModuleBuilder } from '../assembler/index.ts'
import { float, plus, times } from './addresses.ts'
import { field, startOf } from './descriptor.ts'
import type { Tile } from './tile.ts'

/** Eight sums run in parallel: with fewer vectors, each addition would wait for the one before. */
const sumsAtOnce = 8
/** The most columns that are read at once where sums start. */
export const widestStrip: number = 4 * sumsAtOnce

/** out = start + x · b for some adjacent packed panels: (depth, x, xAcross, b, perPanel, out, start). */
const defineStrip = (module: ModuleBuilder, { multiplyAdd, width }: Tile, panels: number): FunctionBuilder => {
  const [panelBytes, vectors] = [width * float, width / 4]
  return module.define(
    7,
    (f, depth, x, xAcross, b, perPanel, out, start) => {
      const pointers = [b]
      while (pointers.length < panels) pointers.push(f.local(i32.add(pointers.at(-1)!, perPanel)))
      const sums = Array.from({ length: panels * vectors }, (_, v) => f.local(f32x4.load(start, 16 * v)))
      const value = f.local('v128')
      const end = f.local(i32.add(b, times(depth, panelBytes)))
      f.block((leave) => {
        const exit = (): void => leave(i32.greaterOrEqualUnsigned(b, end))
        const round = (): void => {
          f.set(value, f32x4.loadSplat(x))
          sums.forEach((sum, v) => {
            f.set(sum, multiplyAdd(value, f32x4.load(pointers[Math.floor(v / vectors)]!, 16 * (v % vectors)), sum))
            // never taken; but V8 would hoist eight loads together, which would not fit the registers
            if (v === 3 && sums.length > 4) exit()
          })
          f.advance(x, xAcross)
          for (const pointer of pointers) f.advance(pointer, panelBytes)
        }
        f.repeat(
          () => {
            round() // twice, with an exit between: see the tile
            exit()
            round()
          },
          i32.lessUnsigned(b, end),
        )
      })
      sums.forEach((sum, v) => f.do(f32x4.store(out, sum, 16 * v)))
    },
  )
}

/**
 * A product with one or a few rows, for packed panels: `multiplyRows(product, step, from, to, scratch)`. Each row reads
 * the same panels, which are in the cache after the first: faster than tiles that are not full.
 */
export const defineRowsProduct = (module: ModuleBuilder, tile: Tile, copy: FunctionBuilder): void => {
  const { width } = tile
  const panelsAtOnce = (4 * sumsAtOnce) / width
  const strips = Array.from({ length: panelsAtOnce }, (_, i) => defineStrip(module, tile, i + 1))
  module.export('multiplyRows', 5, (f, p, step, from, to, scratch) => {
    const depth = f.local(field(p, 'depth'))
    const perPanel = f.local(times(depth, width * float))
    const a = f.local(startOf(p, 'a', step))
    const b = f.local(plus(field(p, 'packed'), i32.mul(from, perPanel)))
    const column = f.local(times(from, width))
    const out = f.local(plus(startOf(p, 'out', step), times(column, float)))
    const startAcross = f.local(field(p, 'startAcross'))
    const start = f.local(plus(startOf(p, 'start', step), i32.mul(column, startAcross)),
    )
    const left = f.local(i32.sub(to, from))
    const [present, rows, x, y, sums] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
    for (let panels = panelsAtOnce; panels > 0; panels--) {
      const strip = (from: I32, to: I32): void =>
        f.call(strips[panels - 1]!, depth, x, field(p, 'aAcross'), b, perPanel, to, from)
      const columns = panels * width
      f.countdown(left, panels, () => {
        f.set(present, i32.sub(field(p, 'columns'), column))
        f.set(rows, field(p, 'rows'))
        f.set(x, a)
        f.set(y, out)
        f.set(sums, start)
        f.countdown(rows, 1, () => {
          f.if(
            i32.greaterOrEqual(present, columns),
            () => strip(sums, y),
            () => {
              // The last panel is not full: the whole strip is computed in scratch memory.
              f.call(copy, 1, present, sums, startAcross, scratch, 0)
              strip(scratch, scratch)
              f.call(copy, 1, present, scratch, 0, y, 0)
            },
          )
          f.advance(x, field(p, 'aDown'))
          f.advance(y, field(p, 'outDown'))
          f.advance(sums, field(p, 'startDown'))
        })
        f.advance(b, times(perPanel, panels))
        f.advance(column, columns)
        f.advance(out, columns * float)
        f.advance(start, times(startAcross, columns))
      })
    }
  })
}
