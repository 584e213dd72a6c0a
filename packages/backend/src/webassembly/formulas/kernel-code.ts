import type { Kind, ProgramOutput } from '@recurra/formula'
import { f32x4, i32, i32x4, type FunctionBuilder, type I32, type Local, type V128 } from '../assembler/index.ts'
import type { Features } from '../engine.ts'
import { Arithmetic } from './arithmetic.ts'
import { join } from './folds.ts'
import type { Layout, Spot } from './layout.ts'
import { Lines, pacesOf, type Pace } from './lines.ts'
import type { Pass } from './passes.ts'

/** How many columns a body works on at once. */
export interface Width {
  readonly bytes: number
  readonly load: typeof f32x4.load
  readonly store: typeof f32x4.store
}
export const four: Width = { bytes: 16, load: f32x4.load, store: f32x4.store }
export const one: Width = { bytes: 4, load: f32x4.loadFirst, store: f32x4.storeFirst }

/** What a call works on: rows, and the bytes of each row. */
export interface Range {
  readonly step: I32
  readonly fromRow: I32
  readonly toRow: I32
  readonly from: I32
  readonly to: I32
}

const entry = 12 // bytes of the table for each pointer

/** What both loop orders have in common: pointers, loads, stores and the lines of the program. */
export class KernelCode {
  readonly f: FunctionBuilder
  readonly a: Arithmetic
  readonly pass: Pass
  readonly layout: Layout
  readonly #table: I32
  readonly paces: readonly Pace[]

  constructor(f: FunctionBuilder, features: Features, pass: Pass, layout: Layout, table: I32) {
    this.f = f
    this.a = new Arithmetic(f, features)
    this.pass = pass
    this.layout = layout
    this.#table = table
    this.paces = pacesOf(pass.program)
  }

  /** Pointers to the first row of the range at this step. */
  pointers(step: I32, row: I32): readonly Local<'i32'>[] {
    return this.layout.pointers.map(({ perStep, perRow }, k) => {
      const address = this.f.local('i32', this.#entry(k, 0))
      if (perStep) this.f.advance(address, i32.mul(step, this.#entry(k, 1)))
      if (perRow) this.f.advance(address, i32.mul(row, this.#entry(k, 2)))
      return address
    })
  }

  /** Moves pointers on by some rows. */
  advance(pointers: readonly Local<'i32'>[], rows?: I32): void {
    this.layout.pointers.forEach(({ perRow }, k) => {
      if (perRow) this.f.advance(pointers[k]!, rows ? i32.mul(rows, this.#entry(k, 2)) : this.#entry(k, 2))
    })
  }

  /** Computes here what lines of faster pace read of these paces. */
  hoist(known: ReadonlyMap<number, V128>, pointers: readonly I32[], ...own: readonly Pace[]): ReadonlyMap<number, V128> {
    const { program } = this.pass
    const slow = (line: number): boolean => own.includes(this.paces[line]!) && program.code[line]!.op !== 'constant'
    const lines = new Lines(program, this.a, (line) => this.load(program.code[line]!.input, pointers, four), known)
    program.code.forEach(({ args }, line) => {
      if (!own.includes(this.paces[line]!)) for (const arg of args) if (slow(arg)) lines.keep(arg)
    })
    for (const { from } of program.outputs) if (slow(from)) lines.keep(from)
    return lines.values
  }

  /** The lines of one body; all outputs are computed, so that storing can begin. */
  body(known: ReadonlyMap<number, V128>, pointers: readonly I32[], offset: I32, width: Width): Lines {
    const { program } = this.pass
    const lines = new Lines(program, this.a, (line) => {
      const { op, input } = program.code[line]!
      return op === 'column' ? this.#column(offset) : this.load(input, pointers, width, offset)
    }, known)
    for (const { from } of program.outputs) lines.keep(from)
    return lines
  }

  load(operand: number, pointers: readonly I32[], width: Width, offset?: I32): V128 {
    const { pointer, distance, whole } = this.layout.spots[operand]!
    const { kind } = this.#operand(operand)
    const wide = kind === 'each' || kind === 'unit'
    const bits = wide && offset ? width.load(i32.add(pointers[pointer]!, offset), distance) : f32x4.loadSplat(pointers[pointer]!, distance)
    return whole ? f32x4.fromInt(bits) : bits
  }

  /** Writes an output, or adds to it. */
  store(output: number, pointers: readonly I32[], width: Width, value: V128, offset?: I32): void {
    const { fold, accumulate } = this.pass.program.outputs[output]!
    this.write(output, pointers, width, accumulate ? join(fold === 'max' ? 'max' : 'sum', this.old(output, pointers, width, offset), value) : value, offset)
  }

  /** What an output holds. */
  old(output: number, pointers: readonly I32[], width: Width, offset?: I32): V128 {
    const { pointer, distance, whole } = this.#spot(output)
    const bits = width.load(offset ? i32.add(pointers[pointer]!, offset) : pointers[pointer]!, distance)
    return whole ? f32x4.fromInt(bits) : bits
  }

  write(output: number, pointers: readonly I32[], width: Width, value: V128, offset?: I32): void {
    const { pointer, distance, whole } = this.#spot(output)
    this.f.do(width.store(offset ? i32.add(pointers[pointer]!, offset) : pointers[pointer]!, whole ? i32x4.fromFloat(value) : value, distance))
  }

  /** Stores the outputs that are as wide as the grid. */
  storeEach(lines: Lines, pointers: readonly I32[], offset: I32, width: Width): void {
    this.outputs('each', ({ from }, output) => this.store(output, pointers, width, lines.value(from), offset))
  }

  outputs(kind: Kind, then: (output: ProgramOutput, index: number) => void): void {
    this.pass.program.outputs.forEach((output, index) => {
      if (output.kind === kind) then(output, index)
    })
  }

  #spot(output: number): Spot {
    return this.layout.spots[this.pass.program.inputs.length + output]!
  }

  #operand(index: number): { readonly kind: Kind } {
    const { inputs, outputs } = this.pass.program
    return inputs[index] ?? outputs[index - inputs.length]!
  }

  #column(offset: I32): V128 {
    const first = i32x4.shiftRightUnsigned(i32x4.splat(offset), i32.constant(2))
    return f32x4.fromInt(i32x4.add(first, this.a.lanes(0, 1, 2, 3)))
  }

  #entry(pointer: number, field: number): I32 {
    return i32.load(this.#table, pointer * entry + field * 4)
  }
}
