import {
  f32x4, i32, type FunctionBuilder, type I32, type Local, type ModuleBuilder, type V128,
} from '../assembler/index.ts'
import { float } from './addresses.ts'

/** Four rows of four numbers turned into four columns. */
const transpose = (f: FunctionBuilder, rows: readonly V128[]): V128[] => {
  const [a, b, c, d] = rows.map((row): V128 => f.local(row)) as [V128, V128, V128, V128]
  const { shuffle } = f32x4
  const [abLow, abHigh] = [f.local(shuffle(a, b, [0, 4, 1, 5])), f.local(shuffle(a, b, [2, 6, 3, 7]))]
  const [cdLow, cdHigh] = [f.local(shuffle(c, d, [0, 4, 1, 5])), f.local(shuffle(c, d, [2, 6, 3, 7]))]
  const [first, second] = [[0, 1, 4, 5], [2, 3, 6, 7]] as const
  return [
    shuffle(abLow, cdLow, first),
    shuffle(abLow, cdLow, second),
    shuffle(abHigh, cdHigh, first),
    shuffle(abHigh, cdHigh, second),
  ]
}

/**
 * Pointers to the lines of a strip. If there are fewer, the last one replaces the missing ones; their results are not
 * stored.
 */
const linePointers = (f: FunctionBuilder, from: I32, apart: I32, count: number, present: I32): Local<'i32'>[] => {
  const pointers = [f.local(from)]
  for (let i = 1; i < count; i++) {
    const pointer = f.local(pointers[i - 1]!)
    f.if(i32.less(i, present), () => f.advance(pointer, apart))
    pointers.push(pointer)
  }
  return pointers
}

/**
 * Packs a strip of `width` lines into [depth, width], ready for the tile: (depth, from, apart, present, to), where line
 * i begins at from + i · apart and runs along the depth. `to` advances past the `depth · width` numbers written.
 */
export const definePackAcross = (module: ModuleBuilder, width: number): FunctionBuilder =>
  module.define(5, (f, depth, from, apart, present, to) => {
    const lines = linePointers(f, from, apart, width, present)
    f.countdown(depth, 4, () => {
      for (let group = 0; group < width / 4; group++) {
        const columns = transpose(f, lines.slice(4 * group, 4 * group + 4).map((line) => f32x4.load(line)))
        columns.forEach((column, k) => f.do(f32x4.store(to, column, float * (width * k + 4 * group))))
      }
      for (const line of lines) f.advance(line, 4 * float)
      f.advance(to, 4 * width * float)
    })
    f.countdown(depth, 1, () => {
      lines.forEach((line, i) => f.do(f32x4.storeFirst(to, f32x4.loadFirst(line), float * i)))
      for (const line of lines) f.advance(line, float)
      f.advance(to, width * float)
    })
  })

/** This many adjacent strips are packed at once, since a cache line holds parts of several. */
export const stripsAtOnce = 4

/**
 * The same for lines that are interleaved, where step k begins at from + k · down: (depth, from, down, to, apart), for
 * some adjacent strips, each `apart` after the one before. Lines beyond the edge read whatever memory follows; their
 * results are not stored. `to` is where the next strip goes.
 */
export const definePackDown = (module: ModuleBuilder, width: number, strips: number): FunctionBuilder =>
  module.define(5, (f, depth, from, down, to, apart) => {
    const targets = [to]
    while (targets.length < strips) targets.push(f.local(i32.add(targets.at(-1)!, apart)))
    f.countdown(depth, 1, () => {
      for (let v = 0; v < (strips * width) / 4; v++)
        f.do(f32x4.store(targets[Math.floor((4 * v) / width)]!, f32x4.load(from, 16 * v), 16 * (v % (width / 4))))
      f.advance(from, down)
      for (const target of targets) f.advance(target, width * float)
    })
  })
