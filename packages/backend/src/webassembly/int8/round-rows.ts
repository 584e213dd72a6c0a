import { leastRange, mostActivation, roundingConstant } from '../../int8/int8-product.ts'
import { f32x4, i32, i32x4, v128, type FunctionBuilder, type ModuleBuilder, type V128 } from '../assembler/index.ts'
import { i16x8, int8FromShorts } from '../assembler/integers.ts'
import { float, plus } from '../matmul/addresses.ts'
import { field, rowSize } from './int8-descriptor.ts'

const halves = [2, 3, 0, 1] as const
const neighbors = [1, 0, 3, 2] as const

/** How an activation is stored: as one byte, or as an int16. */
export type ActivationBytes = 1 | 2

/**
 * Rounds the rows of `a` to integers of 7 bits, as the reference does: (product, step). Behind the last one, up to
 * three more are written, which are multiplied by 0.
 */
export const defineRoundRows = (module: ModuleBuilder, bytes: ActivationBytes): FunctionBuilder =>
  module.define(2, (f, p, step) => {
    const zeros = f.hoisted(f32x4.constant(0))
    const most = f.hoisted(f32x4.constant(mostActivation))
    const rounding = f.hoisted(f32x4.constant(roundingConstant))
    const a = f.local(plus(field(p, 'a'), i32.mul(step, field(p, 'aPerStep'))))
    const to = f.local(field(p, 'rounded'))
    const row = f.local(field(p, 'rowScales'))
    const rows = f.local(field(p, 'rows'))
    const [x, q, left] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const [low, low2, high, high2, spoiled] = Array.from({ length: 5 }, () => f.local('v128')) as
      [V128Local, V128Local, V128Local, V128Local, V128Local]
    const [value, perUnit, shift] = [f.local('v128'), f.local('v128'), f.local('v128')]
    const include = (lowest: V128Local, highest: V128Local): void => {
      f.set(lowest, f32x4.pseudoMin(lowest, value))
      f.set(highest, f32x4.pseudoMax(highest, value))
      f.set(spoiled, f32x4.add(spoiled, f32x4.mul(value, zeros)))
    }
    const acrossLanes = (of: V128Local, merge: (a: V128, b: V128) => V128): void => {
      for (const lanes of [halves, neighbors]) f.set(of, merge(of, f32x4.shuffle(of, of, lanes)))
    }
    /** The bits of x · perUnit + constant are the rounded integer, shifted. */
    const rounded = (offset: number): V128 =>
      i32x4.add(f32x4.add(f32x4.mul(f32x4.load(x, offset), perUnit), rounding), shift)
    const pack = (vectors: number): V128 => {
      const shorts = (i: number): V128 => i16x8.fromInts(rounded(16 * i), rounded(16 * Math.min(i + 1, vectors - 1)))
      if (bytes === 2) return i16x8.minimum(shorts(0), i16x8.splat(mostActivation))
      return int8FromShorts(shorts(0), vectors > 2 ? shorts(2) : shorts(0)) // saturates at 127
    }

    f.countdown(rows, 1, () => {
      for (const one of [low, low2, high, high2, spoiled]) f.set(one, zeros)
      f.set(x, a)
      f.set(left, field(p, 'depth'))
      f.countdown(left, 8, () => {
        f.set(value, f32x4.load(x))
        include(low, high)
        f.set(value, f32x4.load(x, 16))
        include(low2, high2)
        f.advance(x, 8 * float)
      })
      f.countdown(left, 1, () => {
        f.set(value, f32x4.loadFirst(x))
        include(low, high)
        f.advance(x, float)
      })
      f.set(low, f32x4.pseudoMin(low, low2))
      f.set(high, f32x4.pseudoMax(high, high2))
      acrossLanes(low, f32x4.pseudoMin)
      acrossLanes(high, f32x4.pseudoMax)
      acrossLanes(spoiled, f32x4.add)
      const range = high
      f.set(range, f32x4.sub(high, low))
      const tooSmall = f32x4.less(range, f32x4.constant(leastRange))
      f.set(perUnit, v128.select(zeros, f32x4.div(most, range), tooSmall))
      f.do(f32x4.storeFirst(row, f32x4.add(f32x4.div(range, most), spoiled)))
      f.set(value, i32x4.sub(f32x4.add(f32x4.mul(f32x4.sub(zeros, low), perUnit), rounding), rounding))
      f.do(f32x4.storeFirst(row, value, float))
      f.set(shift, i32x4.sub(value, rounding))

      f.set(x, a)
      f.set(q, to)
      f.set(left, field(p, 'depth'))
      const vectors = 4 / bytes
      f.countdown(left, 4 * vectors, () => {
        f.do(f32x4.store(q, pack(vectors)))
        f.advance(x, 16 * vectors)
        f.advance(q, 16)
      })
      f.while(i32.less(0, left), () => {
        f.do(f32x4.store(q, pack(1)))
        f.advance(x, 16)
        f.advance(q, 4 * bytes)
        f.advance(left, -4)
      })
      f.advance(a, field(p, 'aDown'))
      f.advance(to, field(p, 'roundedDown'))
      f.advance(row, rowSize)
    })
  })

type V128Local = ReturnType<FunctionBuilder['local']> & V128
