import { operations, type Program } from '@recurra/formula'
import type { Kernel } from '../backend.ts'
import type { Grid, Place } from '../grid.ts'

const block = 256 // columns at a time, so that the intermediate values stay in the cache

/** Runs a program one instruction at a time over blocks of columns: slower, but needs no code from text. */
export const interpreted = (program: Program, { rows, columns, places }: Grid): Kernel => {
  const values = program.code.map(() => new Float64Array(block))
  const widePlace = ({ offset, perStep, perRow }: Place, step: number, row: number): number => offset + step * perStep + row * perRow

  const compute = (step: number, row: number, from: number, count: number): void => {
    for (let line = 0; line < program.code.length; line++) {
      const { op, args, value, input } = program.code[line]!
      const y = values[line]!
      if (op === 'constant') y.fill(value, 0, count)
      else if (op === 'column') for (let i = 0; i < count; i++) y[i] = from + i
      else if (op === 'input') {
        const place = places[input]!
        const start = widePlace(place, step, row)
        const wide = program.inputs[input]!.kind === 'each' || program.inputs[input]!.kind === 'unit'
        for (let i = 0; i < count; i++) y[i] = place.data[wide ? start + from + i : start]!
      } else {
        const a = values[args[0]!]!
        const b = values[args[1] ?? args[0]!]!
        const c = values[args[2] ?? args[0]!]!
        const { evaluate } = operations[op]
        for (let i = 0; i < count; i++) y[i] = evaluate(a[i]!, b[i]!, c[i]!)
      }
    }
  }

  const store = (step: number, row: number, from: number, count: number): void => {
    for (let k = 0; k < program.outputs.length; k++) {
      const { kind, fold, accumulate, from: line } = program.outputs[k]!
      const place = places[program.inputs.length + k]!
      const start = widePlace(place, step, row)
      const y = values[line]!
      const wide = kind === 'each' || kind === 'unit'
      for (let i = 0; i < count; i++) {
        const at = wide ? start + from + i : start
        const old = place.data[at]!
        if (fold === 'max') place.data[at] = Math.max(old, y[i]!)
        else place.data[at] = fold === 'sum' || accumulate ? old + y[i]! : y[i]!
      }
    }
  }

  /** A folded target that is overwritten starts from the neutral element. */
  const clear = (step: number): void => {
    program.outputs.forEach(({ kind, fold, accumulate }, k) => {
      if (fold === 'none' || accumulate) return
      const place = places[program.inputs.length + k]!
      const neutral = fold === 'max' ? -Infinity : 0
      const start = widePlace(place, step, 0)
      if (kind === 'unit') place.data.fill(neutral, start, start + columns)
      else for (let row = 0; row < (kind === 'row' ? rows : 1); row++) place.data[start + row * place.perRow] = neutral
    })
  }

  return (step) => {
    clear(step)
    for (let row = 0; row < rows; row++)
      for (let from = 0; from < columns; from += block) {
        const count = Math.min(block, columns - from)
        compute(step, row, from, count)
        store(step, row, from, count)
      }
  }
}
