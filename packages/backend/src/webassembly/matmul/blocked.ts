import { i32, type FunctionBuilder, type I32, type Local, type ModuleBuilder } from '../assembler/index.ts'
import { float, plus, times } from './addresses.ts'
import { field, startOf } from './descriptor.ts'
import { definePackAcross, definePackDown, stripsAtOnce } from './pack.ts'
import { defineEdgeTile, defineTiles, smaller, tileRows, widestTile, type Tile } from './tile.ts'

// A block of `a`, 96 KiB, stays in the L2 cache while all panels of `b`, 8 KiB each, pass through the L1 cache.
const blockRows = 96
export const blockDepth = 256
const edgeTile = tileRows * widestTile * float

/** The scratch memory of one thread, in floats: one tile and one packed block of `a`. */
export const scratchSize: number = tileRows * widestTile + blockRows * blockDepth

/** Runs the body with `index` = from, from + step, … below `to`. */
const range = (f: FunctionBuilder, from: I32, to: I32, step: number, body: (index: Local<'i32'>) => void): void => {
  const index = f.local(from)
  f.while(i32.less(index, to), () => {
    body(index)
    f.advance(index, step)
  })
}

/**
 * The matrix product in blocks. `b` is packed into panels as wide as a tile, and the work is divided by panels: any
 * thread can compute any range of them, and every sum is added up in the same order.
 *
 * - `pack(product, step, from, to)`: packs panels of `b`, whole.
 * - `multiply(product, step, from, to, scratch)`: out = start + a · b for packed panels.
 * - `packAndMultiply(product, step, from, to, scratch)`: both, one block of depth after the other. This function is
 * returned.
 */
export const defineBlockedProduct = (module: ModuleBuilder, tile: Tile, copy: FunctionBuilder): FunctionBuilder => {
  const { width } = tile
  const tiles = defineTiles(module, tile)
  const edge = defineEdgeTile(module, tiles, tile, copy)
  const oneRow = defineTiles(module, tile, 1)
  const oneVector = defineTiles(module, tile, tileRows, 1)
  const packAcross = { a: definePackAcross(module, tileRows), b: definePackAcross(module, width) }
  const packDown = [stripsAtOnce, 1].map((strips) => ({
    strips,
    a: definePackDown(module, tileRows, strips),
    b: definePackDown(module, width, strips),
  }))

  const packPanels = module.define(7, (f, p, step, k, depth, from, to, perPanel) => {
    const [target, source] = [
      f.local(plus(field(p, 'packed'), i32.mul(from, perPanel))),
      f.local(plus(startOf(p, 'b', step), i32.mul(k, field(p, 'bDown')))),
    ]
    const across = f.local(times(field(p, 'bAcross'), width))
    const columns = f.local(i32.sub(field(p, 'columns'), times(from, width)))
    const left = f.local(i32.sub(to, from))
    const panels = (count: number, pack: () => void): void =>
      f.countdown(left, count, () => {
        pack()
        f.advance(source, times(across, count))
        f.advance(target, times(perPanel, count))
        f.advance(columns, -count * width)
      })
    f.advance(source, i32.mul(from, across))
    f.if(
      i32.equal(field(p, 'bAcross'), float),
      () =>
        packDown.forEach(({ strips, b }) =>
          panels(strips, () => f.call(b, depth, source, field(p, 'bDown'), target, perPanel)),
        ),
      () => panels(1, () => f.call(packAcross.b, depth, source, field(p, 'bAcross'), columns, target)),
    )
  })

  /** `rows` rows of `a` from `a`, in strips of 4. */
  const packRows = module.define(5, (f, p, a, rows, depth, to) => {
    const perStrip = f.local(times(depth, tileRows * float))
    const strips = (count: number, pack: () => void): void =>
      f.while(i32.less((count - 1) * tileRows, rows), () => {
        pack()
        f.advance(a, times(field(p, 'aDown'), count * tileRows))
        f.advance(to, times(perStrip, count))
        f.advance(rows, -count * tileRows)
      })
    f.if(
      i32.equal(field(p, 'aAcross'), float),
      () => strips(1, () => f.call(packAcross.a, depth, a, field(p, 'aDown'), rows, to)),
      () =>
        packDown.forEach((pack) =>
          strips(pack.strips, () => f.call(pack.a, depth, a, field(p, 'aAcross'), to, perStrip)),
        ),
    )
  })

  /** One panel times a packed block of `a`. */
  const multiplyPanel = module.define(10, (f, rows, columns, depth, a, b, out, outDown, start, startDown, scratch) => {
    const whole = f.local(i32.and(rows, -tileRows))
    const inPlace = (multiply: FunctionBuilder, count: I32, packed: I32): void => {
      f.call(multiply, count, depth, a, b, out, outDown, start, startDown)
      f.advance(a, packed)
      f.advance(out, i32.mul(outDown, count))
      f.advance(start, i32.mul(startDown, count))
      f.set(rows, i32.sub(rows, count))
    }
    f.if(i32.greaterOrEqual(columns, width), () => {
      inPlace(tiles, whole, times(i32.mul(whole, depth), float))
      f.while(i32.less(0, rows), () => inPlace(oneRow, 1, float))
    })
    f.if(i32.equal(columns, 4), () => inPlace(oneVector, whole, times(i32.mul(whole, depth), float)))
    f.while(i32.less(0, rows), () => {
      const [high, wide] = [smaller(f, rows, tileRows), smaller(f, columns, width)]
      f.call(edge, depth, a, b, out, outDown, start, startDown, high, wide, scratch)
      f.advance(a, times(depth, tileRows * float))
      f.advance(out, times(outDown, tileRows))
      f.advance(start, times(startDown, tileRows))
      f.advance(rows, -tileRows)
    })
  })

  /** A range of panels, over one block of depth from k on. */
  const multiplyDepth = module.define(9, (f, p, step, k, depth, from, to, packed, perPanel, scratch) => {
    const block = f.local(plus(scratch, edgeTile))
    const [aDown, outDown] = [f.local(field(p, 'aDown')), f.local(field(p, 'outDown'))]
    const a = f.local(plus(startOf(p, 'a', step), i32.mul(k, field(p, 'aAcross'))))
    const out = f.local(startOf(p, 'out', step))
    // The first block of depth starts from the product's own start; the next ones add to the result so far.
    const [start, startDown, startAcross] = [f.local(out), f.local(outDown), f.local(float)]
    f.if(i32.isZero(k), () => {
      f.set(start, startOf(p, 'start', step))
      f.set(startDown, field(p, 'startDown'))
      f.set(startAcross, field(p, 'startAcross'))
    })
    range(f, 0, field(p, 'rows'), blockRows, (row) => {
      const rows = smaller(f, i32.sub(field(p, 'rows'), row), blockRows)
      f.call(packRows, p, plus(a, i32.mul(row, aDown)), rows, depth, block)
      range(f, from, to, 1, (panel) => {
        const column = times(panel, width)
        f.call(
          multiplyPanel, rows, i32.sub(field(p, 'columns'), column), depth, block,
          plus(packed, i32.mul(panel, perPanel)),
          plus(out, i32.mul(row, outDown), times(column, float)), outDown,
          plus(start, i32.mul(row, startDown), i32.mul(column, startAcross)), startDown,
          scratch,
        )
      })
    })
  })

  const overDepth = (f: FunctionBuilder, p: I32, body: (k: Local<'i32'>, depth: Local<'i32'>) => void): void =>
    range(f, 0, field(p, 'depth'), blockDepth, (k) => body(k, smaller(f, i32.sub(field(p, 'depth'), k), blockDepth)))

  module.export('pack', 4, (f, p, step, from, to) =>
    f.call(packPanels, p, step, 0, field(p, 'depth'), from, to, times(field(p, 'depth'), width * float)))

  module.export('multiply', 5, (f, p, step, from, to, scratch) => {
    const perPanel = f.local(times(field(p, 'depth'), width * float))
    overDepth(f, p, (k, depth) =>
      f.call(
        multiplyDepth, p, step, k, depth, from, to,
        plus(field(p, 'packed'), times(k, width * float)), perPanel, scratch,
      ),
    )
  })

  return module.export('packAndMultiply', 5, (f, p, step, from, to, scratch) => {
    const perPanel = f.local(times(smaller(f, field(p, 'depth'), blockDepth), width * float))
    overDepth(f, p, (k, depth) => {
      f.call(packPanels, p, step, k, depth, from, to, perPanel)
      f.call(multiplyDepth, p, step, k, depth, from, to, field(p, 'packed'), perPanel, scratch)
    })
  })
}
