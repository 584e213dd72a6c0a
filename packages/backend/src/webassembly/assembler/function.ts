import { list, sized, unsigned, type Bytes } from './encoding.ts'
import { i32 } from './instructions.ts'
import type { I32, Local, Statement, Type, StackValue } from './value.ts'

export const typeCodes: Readonly<Record<Type, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }
const blockWithoutResult = 0x40

const assign = <T extends Type>(to: Bytes, local: Local<T>, value: StackValue<T>): void => {
  value.emit(to)
  to.push(0x21)
  unsigned(to, local.index)
}

/** A function under construction. Statements are written in the order in which the methods are called. */
export class FunctionBuilder {
  readonly index: number
  readonly params: readonly Type[]
  readonly #locals: Type[] = []
  readonly #head: Bytes = []
  readonly #code: Bytes = []
  /** How many blocks are open: branches count them from the inside. */
  #depth = 0

  constructor(index: number, params: readonly Type[]) {
    this.index = index
    this.params = params
  }

  param<T extends Type>(index: number, type: T): Local<T> {
    return this.#local(index, type)
  }

  /** A new variable; 0 at first, or set to `start` here. */
  local<T extends Type>(type: T, start?: StackValue<T>): Local<T> {
    const made = this.#local(this.params.length + this.#locals.push(type) - 1, type)
    if (start) this.set(made, start)
    return made
  }

  /** A variable set at the start of the function, before all that was written so far: for constants. */
  hoisted<T extends Type>(value: StackValue<T>): Local<T> {
    const made = this.local(value.type)
    assign(this.#head, made, value)
    return made
  }

  set<T extends Type>(local: Local<T>, value: StackValue<T>): void {
    assign(this.#code, local, value)
  }

  /** Sets a variable and is its value: for what is computed once, in the middle of an expression, and read again. */
  tee<T extends Type>(local: Local<T>, value: StackValue<T>): StackValue<T> {
    return {
      type: value.type,
      emit: (to) => {
        value.emit(to)
        to.push(0x22)
        unsigned(to, local.index)
      },
    }
  }

  /** Moves a pointer or a counter on. */
  advance(local: Local<'i32'>, by: I32 | number): void {
    this.set(local, i32.add(local, typeof by === 'number' ? i32.constant(by) : by))
  }

  do(statement: Statement): void {
    statement.emit(this.#code)
  }

  call({ index }: FunctionBuilder, ...args: readonly StackValue<Type>[]): void {
    for (const arg of args) arg.emit(this.#code)
    this.#code.push(0x10)
    unsigned(this.#code, index)
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    condition.emit(this.#code)
    this.#code.push(0x04, blockWithoutResult)
    this.#depth++
    then()
    if (otherwise) {
      this.#code.push(0x05)
      otherwise()
    }
    this.#depth--
    this.#code.push(0x0b)
  }

  /** `leave(condition)` inside the body jumps behind it. */
  block(body: (leave: (condition: I32) => void) => void): void {
    this.#code.push(0x02, blockWithoutResult)
    const outside = this.#depth++
    body((condition) => {
      condition.emit(this.#code)
      this.#code.push(0x0d)
      unsigned(this.#code, this.#depth - outside - 1)
    })
    this.#depth--
    this.#code.push(0x0b)
  }

  /** The condition is tested before each round. */
  while(condition: I32, body: () => void): void {
    this.if(condition, () => this.repeat(body, condition))
  }

  /** The condition is tested after each round: the body runs at least once. One branch a round. */
  repeat(body: () => void, again: I32): void {
    this.#code.push(0x03, blockWithoutResult)
    this.#depth++
    body()
    again.emit(this.#code)
    this.#depth--
    this.#code.push(0x0d, 0, 0x0b)
  }

  /**
   * Runs the body with `left` = count, count - step, … while at least `step` is left, and leaves the rest in `left`.
   */
  countdown(left: Local<'i32'>, step: number, body: () => void): void {
    this.while(i32.greaterOrEqual(left, i32.constant(step)), () => {
      body()
      this.advance(left, -step)
    })
  }

  write(to: Bytes): void {
    const runs: { type: Type; count: number }[] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    sized(to, (body) => {
      list(body, runs, ({ type, count }) => {
        unsigned(body, count)
        body.push(typeCodes[type])
      })
      for (const byte of this.#head) body.push(byte)
      for (const byte of this.#code) body.push(byte)
      body.push(0x0b)
    })
  }

  #local<T extends Type>(index: number, type: T): Local<T> {
    return {
      type,
      index,
      emit: (to) => {
        to.push(0x20)
        unsigned(to, index)
      },
    }
  }
}
