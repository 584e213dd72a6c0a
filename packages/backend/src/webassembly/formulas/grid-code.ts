import type { OperandKind, ProgramOutput } from '@recurra/formula'
import { f32x4, i32, i32x4, type FunctionBuilder, type I32, type Local, type V128 } from '../assembler/index.ts'
import type { Features } from '../engine.ts'
import { Arithmetic } from './arithmetic.ts'
import type { Layout } from './layout.ts'
import { ComputedValues, type Values } from './computed-values.ts'
import { Operands, type Pointers, type Where } from './operands.ts'
import { ratesOfChange, type RateOfChange } from './rates-of-change.ts'
import type { Pass } from './passes.ts'
import { unrollTiers, type UnrollTier } from './unroll-tiers.ts'

/** What both orders of traversing a grid share. */
export class GridCode {
  readonly f: FunctionBuilder
  readonly a: Arithmetic
  readonly pass: Pass
  readonly operands: Operands
  readonly tiers: readonly UnrollTier[]
  readonly #rates: readonly RateOfChange[]

  constructor(f: FunctionBuilder, features: Features, pass: Pass, layout: Layout, table: I32) {
    this.f = f
    this.a = new Arithmetic(f, features)
    this.pass = pass
    this.operands = new Operands(f, pass, layout, table)
    this.tiers = unrollTiers(pass.program)
    this.#rates = ratesOfChange(pass.program)
  }

  /** Computes the lines with this rate of change that faster lines, or outputs, read. */
  hoist(rate: RateOfChange, pointers: Pointers, known: Values): Values {
    const { code, outputs } = this.pass.program
    const lines = new ComputedValues(
      this.pass.program,
      this.a,
      (line) => this.operands.loadNarrow(code[line]!.input, pointers),
      known,
    )
    const wanted = new Set(outputs.map(({ from }) => from))
    code.forEach(({ args }, line) => {
      if (this.#rates[line] !== rate) for (const arg of args) wanted.add(arg)
    })
    for (const line of wanted) if (this.#rates[line] === rate && code[line]!.op !== 'constant') lines.keep(line)
    return lines.values
  }

  /** Computes all outputs for some columns, before any is stored. */
  compute(where: Where, known: Values): ComputedValues {
    const { code, inputs, outputs } = this.pass.program
    const lines = new ComputedValues(this.pass.program, this.a, (line) => {
      const { op, input } = code[line]!
      if (op === 'column') return this.#column(where)
      const { kind } = inputs[input]!
      return kind === 'element' || kind === 'column'
        ? this.operands.load(input, where)
        : this.operands.loadNarrow(input, where.pointers)
    }, known)
    for (const { from } of outputs) lines.keep(from)
    return lines
  }

  /** Stores the outputs that are as wide as the grid. */
  store(lines: ComputedValues, where: Where): void {
    for (const [index, { from }] of this.outputs('element')) this.operands.put(index, lines.value(from), where)
  }

  outputs(...kinds: readonly OperandKind[]): readonly (readonly [index: number, output: ProgramOutput])[] {
    return [...this.pass.program.outputs.entries()].filter(([, { kind }]) => kinds.includes(kind))
  }

  /** Traverses a row from `offset` to `end`; `body` receives the positions to compute together. */
  columns(pointers: Pointers, offset: Local<'i32'>, end: I32, body: (places: readonly Where[]) => void): void {
    const { f } = this
    this.tiers.forEach(({ width, vectors }, i) => {
      const stride = width.bytes * vectors
      const whole = i32.and(i32.sub(end, offset), -stride)
      const stop = i === this.tiers.length - 1 ? end : f.local(i32.add(offset, whole))
      f.while(i32.notEqual(offset, stop), () => {
        body(Array.from({ length: vectors }, (_, k): Where => ({ pointers, offset, shift: k * width.bytes, width })))
        f.advance(offset, stride)
      })
    })
  }

  #column({ offset, shift }: Where): V128 {
    const first = i32x4.shiftRightUnsigned(i32x4.splat(offset), 2)
    const place = shift / 4
    return f32x4.fromInt(i32x4.add(first, this.a.lanes(place, place + 1, place + 2, place + 3)))
  }
}
