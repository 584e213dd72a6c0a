import type { OperandKind, Program } from '@recurra/formula'
import type { Kernel } from '../backend.ts'
import type { Grid } from '../grid.ts'
import { reductions, load, loops, stores } from './loops.ts'

const block = 256 // columns at a time, so that the intermediate values stay in the cache

const isWide = (kind: OperandKind): boolean => kind === 'element' || kind === 'column'

/** Runs a program one instruction at a time over blocks of columns: slower, but needs no code from text. */
export const interpreted = ({ code, inputs, outputs }: Program, { rows, columns, places }: Grid): Kernel => {
  const values = code.map(({ value }) => new Float64Array(block).fill(value))
  const targets = outputs.map(({ kind, reduce, accumulate, from }, k) => ({
    place: places[inputs.length + k]!,
    values: values[from]!,
    store: isWide(kind)
      ? stores[reduce === 'max' ? 'max' : reduce === 'sum' || accumulate ? 'sum' : 'set']
      : reductions[reduce === 'max' ? 'max' : 'sum'],
    // A reduced target that is overwritten starts from the neutral element.
    clear: reduce !== 'none' && !accumulate,
    isMax: reduce === 'max', // its neutral element in a field would be copied to the heap at every call
    rows: kind === 'row' ? rows : 1,
    width: isWide(kind) ? columns : 1,
  }))

  const compute = (step: number, row: number, from: number, count: number): void => {
    for (let line = 0; line < code.length; line++) {
      const { op, args, input } = code[line]!
      const y = values[line]!
      if (op === 'constant') continue
      if (op === 'column') for (let i = 0; i < count; i++) y[i] = from + i
      else if (op === 'input') {
        const { data, offset, perStep, perRow } = places[input]!
        const stride = isWide(inputs[input]!.kind) ? 1 : 0
        load(y, data, offset + step * perStep + row * perRow + stride * from, stride, count)
      } else loops[op](y, values[args[0]!]!, values[args[1] ?? args[0]!]!, values[args[2] ?? args[0]!]!, count)
    }
  }

  return (step) => {
    for (let k = 0; k < targets.length; k++) {
      const { place: { data, offset, perStep, perRow }, clear, isMax, rows: cleared, width } = targets[k]!
      if (clear)
        for (let row = 0, at = offset + step * perStep; row < cleared; row++, at += perRow)
          if (isMax) data.fill(Number.NEGATIVE_INFINITY, at, at + width)
          else data.fill(0, at, at + width)
    }
    for (let row = 0; row < rows; row++)
      for (let from = 0; from < columns; from += block) {
        const count = Math.min(block, columns - from)
        compute(step, row, from, count)
        for (let k = 0; k < targets.length; k++) {
          const { place: { data, offset, perStep, perRow }, values: y, store, width } = targets[k]!
          store(data, offset + step * perStep + row * perRow + (width === 1 ? 0 : from), y, count)
        }
      }
  }
}
