import { f32x4, i32, i32x4, type FunctionBuilder, type I32, type Local, type V128 } from '../assembler/index.ts'
import { combine } from './reductions.ts'
import type { Layout, Spot } from './layout.ts'
import type { Pass } from './passes.ts'
import { pointerField } from './table.ts'

/** How many columns are computed at once. */
export interface Width {
  readonly bytes: number
  readonly load: typeof f32x4.load
  readonly store: typeof f32x4.store
}
export const four: Width = { bytes: 16, load: f32x4.load, store: f32x4.store }
export const one: Width = { bytes: 4, load: f32x4.loadFirst, store: f32x4.storeFirst }

export type Pointers = readonly Local<'i32'>[]

/** Some columns of a row: `offset + shift` bytes after its start. */
export interface Where {
  readonly pointers: Pointers
  readonly offset: I32
  readonly shift: number
  readonly width: Width
}

/** The operands of a kernel under construction. */
export class Operands {
  readonly #f: FunctionBuilder
  readonly #pass: Pass
  readonly #layout: Layout
  readonly #table: I32

  constructor(f: FunctionBuilder, pass: Pass, layout: Layout, table: I32) {
    this.#f = f
    this.#pass = pass
    this.#layout = layout
    this.#table = table
  }

  /** New pointers to a row at a step. */
  pointers(step: I32, row: I32): Pointers {
    return this.#layout.pointers.map(({ perStep, perRow }, k) => {
      const address = this.#f.local(pointerField(this.#table, k, 'address'))
      if (perStep) this.#f.advance(address, i32.mul(step, pointerField(this.#table, k, 'perStep')))
      if (perRow) this.#f.advance(address, i32.mul(row, pointerField(this.#table, k, 'perRow')))
      return address
    })
  }

  /** Advances pointers by one or more rows. */
  advance(pointers: Pointers, rows?: I32): void {
    this.#layout.pointers.forEach(({ perRow }, k) => {
      const byOne = pointerField(this.#table, k, 'perRow')
      if (perRow) this.#f.advance(pointers[k]!, rows ? i32.mul(rows, byOne) : byOne)
    })
  }

  /** An input with one value for the whole row. */
  loadNarrow(input: number, pointers: Pointers): V128 {
    const { pointer, distance, whole } = this.#layout.spots[input]!
    return fromBits(f32x4.loadSplat(pointers[pointer]!, distance), whole)
  }

  load(input: number, where: Where): V128 {
    return this.#read(this.#layout.spots[input]!, where)
  }

  /** The current value of an output. */
  old(output: number, where: Where): V128 {
    return this.#read(this.#spotOf(output), where)
  }

  write(output: number, value: V128, { pointers, offset, shift, width }: Where): void {
    const { pointer, distance, whole } = this.#spotOf(output)
    this.#f.do(
      width.store(i32.add(pointers[pointer]!, offset), whole ? i32x4.fromFloat(value) : value, distance + shift),
    )
  }

  /** Writes an output, or adds to it if it accumulates. */
  put(output: number, value: V128, where: Where): void {
    const { reduce, accumulate } = this.#pass.program.outputs[output]!
    this.write(output, accumulate ? combine(reduce, this.old(output, where), value) : value, where)
  }

  /** Writes or adds to an output with one value per row, or a single value. */
  putNarrow(output: number, value: V128, pointers: Pointers): void {
    this.put(output, value, { pointers, offset: 0, shift: 0, width: one })
  }

  #read({ pointer, distance, whole }: Spot, { pointers, offset, shift, width }: Where): V128 {
    return fromBits(width.load(i32.add(pointers[pointer]!, offset), distance + shift), whole)
  }

  #spotOf(output: number): Spot {
    return this.#layout.spots[this.#pass.program.inputs.length + output]!
  }
}

const fromBits = (bits: V128, whole: boolean): V128 => (whole ? f32x4.fromInt(bits) : bits)
