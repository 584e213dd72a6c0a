import type { OperandKind, Program } from '@recurra/formula'
import { linesOf, literal, type Lines } from './lines.ts'

/** A pass of a formula: some outputs of a program, and where its operands lie. */
export interface FormulaPass {
  readonly program: Program
  /** What it writes: elements, or reductions to one number per row, per column, or in all. */
  readonly kind: OperandKind
  /** The positions of the outputs that it writes. */
  readonly outputs: readonly number[]
  /** Of each operand, inputs first: the place of its buffer among those bound, and whether it has integers. */
  readonly operands: readonly { readonly slot: number; readonly integers: boolean }[]
  /** The row of the table before those of the operands, which has its grid. Default: 0. */
  readonly base?: number
  /** The least threads of a subgroup, where the device has subgroups. Default: it has none. */
  readonly subgroup?: number | undefined
}

/** The code of a pass for the element at row `r` and column `c`, in group `q`, at `step`. */
export class PassCode {
  readonly pass: FormulaPass
  readonly lines: Lines

  constructor(pass: FormulaPass, prefix?: string) {
    this.pass = pass
    this.lines = linesOf(pass.program, pass.outputs, (input) => this.#read(input), prefix)
  }

  /** One line for each output. */
  each(line: (output: number) => string): string {
    return this.pass.outputs.map(line).join('\n')
  }

  /** The value of an output at this element. */
  value(output: number): string {
    return this.lines.value(this.pass.program.outputs[output]!.from)
  }

  /** Where a reduction starts. */
  neutral(output: number): string {
    return this.#isMax(output) ? literal(-Infinity) : '0.0'
  }

  /** Two values of a reduction as one. */
  joined(output: number, a: string, b: string): string {
    return this.#isMax(output) ? `larger(${a}, ${b})` : `${a} + ${b}`
  }

  /** What an output holds before, if it accumulates, or else where its reduction starts. */
  start(output: number): string {
    return this.pass.program.outputs[output]!.accumulate ? this.#read(this.#place(output)) : this.neutral(output)
  }

  /** Writes a value to an output. */
  write(output: number, value: string): string {
    const place = this.#place(output)
    const { slot, integers } = this.pass.operands[place]!
    const address = this.#address(place)
    return integers ? `m${slot}[${address}] = bitcast<u32>(i32(${value}));` : `set${slot}(${address}, ${value});`
  }

  /** The same, on top of what it holds if it accumulates. */
  store(output: number, value: string): string {
    const { accumulate } = this.pass.program.outputs[output]!
    return this.write(output, accumulate ? this.joined(output, this.start(output), value) : value)
  }

  #place(output: number): number {
    return this.pass.program.inputs.length + output
  }

  #isMax(output: number): boolean {
    return this.pass.program.outputs[output]!.reduce === 'max'
  }

  #read(operand: number): string {
    const { slot, integers } = this.pass.operands[operand]!
    const address = this.#address(operand)
    return integers ? `f32(bitcast<i32>(m${slot}[${address}]))` : `get${slot}(${address})`
  }

  #address(operand: number): string {
    const { program: { inputs, outputs }, base = 0 } = this.pass
    const { kind } = inputs[operand] ?? outputs[operand - inputs.length]!
    const row = `t[${base + 1 + operand}]`
    const within = { element: ` + r * ${row}.z + c`, row: ` + r * ${row}.z`, column: ' + c', scalar: '' }[kind]
    return `${row}.x + step * ${row}.y + q * ${row}.w${within}`
  }
}
