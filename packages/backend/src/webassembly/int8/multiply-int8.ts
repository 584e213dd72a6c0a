import { f32x4, i32, i32x4, type FunctionBuilder, type ModuleBuilder, type V128 } from '../assembler/index.ts'
import { dot, i16x8, loadSplatLong, multiplyInts } from '../assembler/integers.ts'
import { float, plus, times } from '../matmul/addresses.ts'
import { defineCopy, smaller } from '../matmul/tile.ts'
import { field, panelColumns, roundBytes, rowSize } from './int8-descriptor.ts'
import { defineRoundRows } from './round-rows.ts'

/** The instruction that multiplies. */
export type Int8Instruction = keyof typeof dot

/** How many bytes of an activation it reads. */
export const activationBytes: { readonly [instruction in Int8Instruction]: 1 | 2 } =
  { pairs: 2, bytePairs: 1, quadruples: 1 }

/** As many sums as leave the registers room. */
const sumsAtOnce = 8

/**
 * out = start + scales · Σ x · b for some vectors of four columns of a panel, and one row:
 * (rounds, x, packed, out, start, row, columnScales, columnSums).
 */
const defineStrip = (module: ModuleBuilder, instruction: Int8Instruction, vectors: number): FunctionBuilder =>
  module.define(8, (f, rounds, x, packed, out, start, row, columnScales, columnSums) => {
    const inPairs = instruction === 'pairs'
    const sums = Array.from({ length: inPairs ? 2 * vectors : vectors }, () => f.local(i32x4.constant(0)))
    const value = f.local('v128')
    const ones = f.hoisted(i16x8.splat(1))
    const add = (sum: V128, i: number): V128 => {
      if (inPairs) return i32x4.add(sum, dot.pairs(i16x8.loadInt8(packed, 8 * i), value))
      const weights = f32x4.load(packed, 16 * i)
      if (instruction === 'quadruples') return dot.quadruples(weights, value, sum)
      return i32x4.add(sum, dot.pairs(dot.bytePairs(weights, value), ones))
    }
    const end = f.local(i32.add(packed, times(rounds, roundBytes)))
    f.block((leave) =>
      f.while(i32.lessUnsigned(packed, end), () => {
        f.set(value, inPairs ? loadSplatLong(x) : f32x4.loadSplat(x))
        sums.forEach((sum, i) => {
          f.set(sum, add(sum, i))
          // Never taken. But V8 would move all loads to the front, which would not fit the registers.
          if (i === 3 && sums.length > 4) leave(i32.greaterOrEqualUnsigned(packed, end))
        })
        f.advance(x, inPairs ? 8 : 4)
        f.advance(packed, roundBytes)
      }))
    const zero = f.local(i32x4.sub(i32x4.constant(0), f32x4.loadSplat(row, float)))
    f.set(value, f32x4.loadSplat(row))
    for (let v = 0; v < vectors; v++) {
      const [low, high] = [sums[2 * v]!, sums[2 * v + 1]!]
      const sum = inPairs
        ? i32x4.add(f32x4.shuffle(low, high, [0, 2, 4, 6]), f32x4.shuffle(low, high, [1, 3, 5, 7]))
        : sums[v]!
      const all = f32x4.fromInt(i32x4.add(sum, multiplyInts(zero, f32x4.load(columnSums, 16 * v))))
      const scaled = f32x4.mul(all, f32x4.mul(value, f32x4.load(columnScales, 16 * v)))
      f.do(f32x4.store(out, f32x4.add(f32x4.load(start, 16 * v), scaled), 16 * v))
    }
  })

/**
 * An int8 product in panels of `b`, any range of which can be computed by itself.
 *
 * - `round(product, step)`: rounds all rows of `a`.
 * - `multiply(product, step, from, to, scratch)`: the panels [from, to).
 * - `roundAndMultiply(product, step, from, to, scratch)`: both.
 */
export const defineInt8Product = (module: ModuleBuilder, instruction: Int8Instruction): void => {
  const bytes = activationBytes[instruction]
  const roundRows = defineRoundRows(module, bytes)
  const copy = defineCopy(module)
  const most = sumsAtOnce / bytes // vectors of columns at once
  const strips = [1, 2, 4, 8].filter((vectors) => vectors <= most)
    .map((vectors) => ({ vectors, strip: defineStrip(module, instruction, vectors) }))
  const group = 4 * most // columns

  const multiply = module.define(5, (f, p, step, from, to, scratch) => {
    const rounds = f.local(field(p, 'rounds'))
    const startAcross = f.local(field(p, 'startAcross'))
    const column = f.local(times(from, panelColumns))
    const last = f.local(smaller(f, times(to, panelColumns), field(p, 'columns')))
    const [rows, x, row, y, sums, present, b] =
      Array.from({ length: 7 }, () => f.local('i32')) as Seven<ReturnType<typeof f.local<'i32'>>>
    f.while(i32.less(column, last), () => {
      f.set(present, i32.sub(last, column))
      f.set(rows, field(p, 'rows'))
      f.set(x, field(p, 'rounded'))
      f.set(row, field(p, 'rowScales'))
      f.set(y, plus(field(p, 'out'), i32.mul(step, field(p, 'outPerStep')), times(column, float)))
      f.set(sums, plus(field(p, 'start'), i32.mul(step, field(p, 'startPerStep')), i32.mul(column, startAcross)))
      // panel, then the group in it
      const panel = i32.and(column, -panelColumns)
      f.set(b, plus(field(p, 'packed'), i32.mul(panel, times(rounds, 4)), times(i32.sub(column, panel), 4)))
      f.countdown(rows, 1, () => {
        const strip = (of: FunctionBuilder, start: typeof sums, out: typeof y): void => {
          const own = times(column, float)
          f.call(of, rounds, x, b, out, start, row, plus(field(p, 'columnScales'), own),
            plus(field(p, 'columnSums'), own))
        }
        f.if(
          i32.greaterOrEqual(present, group),
          () => strip(strips.at(-1)!.strip, sums, y),
          () => {
            // Not all columns are there: computed in scratch memory, in as few vectors as have them.
            f.call(copy, 1, present, sums, 0, scratch, 0)
            const inFewest = (i: number): void => {
              const { strip: of, vectors } = strips[i]!
              const run = (): void => strip(of, scratch, scratch)
              if (i === strips.length - 1) run()
              else f.if(i32.less(present, 4 * vectors + 1), run, () => inFewest(i + 1))
            }
            inFewest(0)
            f.call(copy, 1, present, scratch, 0, y, 0)
          },
        )
        f.advance(x, field(p, 'roundedDown'))
        f.advance(row, rowSize)
        f.advance(y, field(p, 'outDown'))
        f.advance(sums, field(p, 'startDown'))
      })
      f.advance(column, group)
    })
  })

  module.export('round', 5, (f, p, step) => f.call(roundRows, p, step))
  module.export('multiply', 5, (f, p, step, from, to, scratch) => f.call(multiply, p, step, from, to, scratch))
  module.export('roundAndMultiply', 5, (f, p, step, from, to, scratch) => {
    f.call(roundRows, p, step)
    f.call(multiply, p, step, from, to, scratch)
  })
}

type Seven<T> = [T, T, T, T, T, T, T]
