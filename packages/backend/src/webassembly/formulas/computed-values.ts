import type { Program } from '@recurra/formula'
import type { V128 } from '../assembler/index.ts'
import type { Arithmetic } from './arithmetic.ts'
import { operations, type Argument } from './operations.ts'

export type Values = ReadonlyMap<number, V128>

/** How often each line is read, by other lines and by outputs. */
const usesOf = ({ code, outputs }: Program): readonly number[] => {
  const uses = code.map(() => 0)
  for (const { args } of code) for (const arg of args) uses[arg]!++
  for (const { from } of outputs) uses[from]!++
  return uses
}

/**
 * The lines of a program as values. A line is computed where it is first read, and kept in a variable if it is read
 * again.
 */
export class ComputedValues {
  readonly #program: Program
  readonly #uses: readonly number[]
  readonly #a: Arithmetic
  readonly #leaf: (line: number) => V128
  readonly #known: Values
  readonly #values: Map<number, V128>

  /** `leaf` reads an operand or counts the columns; `known` are lines that were computed before. */
  constructor(program: Program, a: Arithmetic, leaf: (line: number) => V128, known: Values) {
    this.#program = program
    this.#uses = usesOf(program)
    this.#a = a
    this.#leaf = leaf
    this.#known = known
    this.#values = new Map(known)
  }

  get values(): Values {
    return this.#values
  }

  value(line: number): V128 {
    return this.#values.get(line) ?? (this.#uses[line]! > 1 ? this.keep(line) : this.#write(line))
  }

  /** Computes a line here instead of where it is first read. */
  keep(line: number): V128 {
    const known = this.#values.get(line)
    if (known) return known
    const kept = this.#a.keep(this.#write(line))
    this.#values.set(line, kept)
    return kept
  }

  #write(line: number): V128 {
    const { op, args, value } = this.#program.code[line]!
    if (op === 'constant') return this.#a.constant(value)
    if (op === 'input' || op === 'column') return this.#leaf(line)
    if (op === 'add' || op === 'sub') {
      const fused = this.#fused(op, args[0]!, args[1]!)
      if (fused) return fused
    }
    const read = (arg: number): Argument => ({
      value: this.value(arg),
      line: this.#program.code[arg]!,
      hoisted: this.#known.has(arg),
    })
    return operations[op](this.#a, args.map(read) as [Argument, Argument, Argument])
  }

  /** A sum with a product that nothing else reads. */
  #fused(op: 'add' | 'sub', left: number, right: number): V128 | undefined {
    if (this.#isOnlyProduct(right)) {
      const rest = this.value(left)
      return op === 'add'
        ? this.#a.multiplyAdd(...this.#factors(right), rest)
        : this.#a.multiplySub(...this.#factors(right), rest)
    }
    if (op === 'add' && this.#isOnlyProduct(left)) return this.#a.multiplyAdd(...this.#factors(left), this.value(right))
    return undefined
  }

  #isOnlyProduct(line: number): boolean {
    return this.#program.code[line]!.op === 'mul' && this.#uses[line] === 1 && !this.#values.has(line)
  }

  #factors(line: number): readonly [V128, V128] {
    return this.#program.code[line]!.args.map((arg) => this.value(arg)) as [V128, V128]
  }
}
