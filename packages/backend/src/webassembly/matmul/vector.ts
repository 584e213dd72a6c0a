import {
  f32, f32x4, i32, type F32, type FunctionBuilder, type I32, type Local, type ModuleBuilder, type V128,
} from '../assembler/index.ts'
import { float, plus, times } from './addresses.ts'
import { field, startOf } from './descriptor.ts'
import type { Tile } from './tile.ts'

const sumOfLanes = (v: V128): F32 =>
  f32.add(f32.add(f32x4.lane(v, 0), f32x4.lane(v, 1)), f32.add(f32x4.lane(v, 2), f32x4.lane(v, 3)))

/** Four numbers at once, or one. */
type Width = 4 | 1
const load = { 4: f32x4.load, 1: f32x4.loadFirst }
const store = { 4: f32x4.store, 1: f32x4.storeFirst }

/**
 * Traverses `count` floats and runs the body at an offset from the pointers, which advance: two vectors per round,
 * since with one the loop costs as much as the arithmetic (measured: 38 GB/s with one, 43 with two), then one vector,
 * then the remaining floats one by one.
 */
const along = (
  f: FunctionBuilder,
  count: I32,
  pointers: readonly Local<'i32'>[],
  body: (width: Width, offset: number) => void,
): void => {
  const left = f.local(count)
  for (const [width, bodies] of [[4, 2], [4, 1], [1, 1]] as const)
    f.countdown(left, width * bodies, () => {
      for (let i = 0; i < bodies; i++) body(width, width * float * i)
      for (const pointer of pointers) f.advance(pointer, width * bodies * float)
    })
}

/**
 * Products with one or a few rows of `a`: nothing is packed, because each number of `b` is used only once. The work is
 * divided by columns; any range of them can be computed separately. Returns `multiplyVector(product, step, from, to)`.
 */
export const defineVectorProduct = (module: ModuleBuilder, { multiplyAdd }: Tile): FunctionBuilder => {
  /** (columns, depth, x, xAcross, b, bDown, out): out += x · b, four rows of `b` at a time. */
  const addRows = module.define(
    7,
    (f, columns, depth, x, xAcross, b, bDown, out) => {
      const block = (count: number): void =>
        f.countdown(depth, count, () => {
          const weights: V128[] = []
          const rows: Local<'i32'>[] = []
          for (let i = 0; i < count; i++) {
            weights.push(f.local(f32x4.loadSplat(x)))
            rows.push(f.local(b))
            f.advance(x, xAcross)
            f.advance(b, bDown)
          }
          const y = f.local(out)
          along(f, columns, [y, ...rows], (width, offset) => {
            const sum = rows.reduce(
              (s: V128, row, i) => multiplyAdd(weights[i]!, load[width](row, offset), s),
              load[width](y, offset),
            )
            f.do(store[width](y, sum, offset))
          })
        })
      block(4)
      block(1)
    },
  )

  /**
   * (columns, depth, x, b, bAcross, out): out += x · b, where the columns of `b` are contiguous: dot products, four at
   * a time.
   */
  const dots = module.define(6, (f, columns, depth, x, b, bAcross, out) => {
    const block = (count: number): void =>
      f.countdown(columns, count, () => {
        const lines = Array.from({ length: count }, () => {
          const line = f.local(b)
          f.advance(b, bAcross)
          return line
        })
        const sums = lines.map(() => f.local(f32x4.constant(0)))
        const [at, value] = [f.local(x), f.local('v128')]
        along(f, depth, [at, ...lines], (width, offset) => {
          f.set(value, load[width](at, offset))
          sums.forEach((sum, i) => f.set(sum, multiplyAdd(value, load[width](lines[i]!, offset), sum)))
        })
        sums.forEach((sum, i) => f.do(f32.store(out, f32.add(f32.load(out, float * i), sumOfLanes(sum)), float * i)))
        f.advance(out, count * float)
      })
    block(4)
    block(1)
  })

  /** (columns, start, startAcross, out): out = start. */
  const begin = module.define(4, (f, columns, start, startAcross, out) => {
    f.if(
      i32.isZero(startAcross),
      () => along(f, columns, [out], (width, offset) => f.do(store[width](out, f32x4.constant(0), offset))),
      () =>
        along(f, columns, [start, out], (width, offset) => f.do(store[width](out, load[width](start, offset), offset))),
    )
  })

  return module.export('multiplyVector', 4, (f, p, step, from, to) => {
    const columns = f.local(i32.sub(to, from))
    const rows = f.local(field(p, 'rows'))
    const a = f.local(startOf(p, 'a', step))
    const b = f.local(plus(startOf(p, 'b', step), i32.mul(from, field(p, 'bAcross'))),
    )
    const out = f.local(plus(startOf(p, 'out', step), times(from, float)))
    const start = f.local(plus(startOf(p, 'start', step), i32.mul(from, field(p, 'startAcross'))),
    )
    f.countdown(rows, 1, () => {
      f.call(begin, columns, start, field(p, 'startAcross'), out)
      f.if(
        i32.equal(field(p, 'bAcross'), float),
        () => f.call(addRows, columns, field(p, 'depth'), a, field(p, 'aAcross'), b, field(p, 'bDown'), out),
        () => f.call(dots, columns, field(p, 'depth'), a, b, field(p, 'bAcross'), out),
      )
      f.advance(a, field(p, 'aDown'))
      f.advance(out, field(p, 'outDown'))
      f.advance(start, field(p, 'startDown'))
    })
  })
}
