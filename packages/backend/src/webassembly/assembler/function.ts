import { list, sized, unsigned, type Bytes } from './encoding.ts'
import { emit, i32 } from './instructions.ts'
import type { I32, Local, Statement, Type, StackValue } from './value.ts'

const typeCodes: Readonly<Record<Type, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }
const blockWithoutResult = 0x40

const assign = (to: Bytes, local: Local<Type>, value: StackValue<Type> | number): void => {
  emit(to, value)
  to.push(0x21)
  unsigned(to, local.index)
}

const variable = <T extends Type>(index: number, type: T): Local<T> => ({
  type,
  index,
  emit: (to) => {
    to.push(0x20)
    unsigned(to, index)
  },
})

/** A function under construction. Statements are written in the order in which the methods are called. */
export class FunctionBuilder {
  readonly index: number
  readonly params: readonly Local<'i32'>[]
  readonly #locals: Type[] = []
  readonly #head: Bytes = []
  readonly #code: Bytes = []
  /** How many blocks are open: branches count them from the inside. */
  #depth = 0

  constructor(index: number, params: number) {
    this.index = index
    this.params = Array.from({ length: params }, (_, i) => variable(i, 'i32'))
  }

  /** A new variable: of a type, initially 0, or with the value given here. */
  local(start: I32): Local<'i32'>
  local<T extends Type>(given: T | StackValue<T>): Local<T>
  local(given: Type | StackValue<Type> | number): Local<Type> {
    const type = typeof given === 'number' ? 'i32' : typeof given === 'string' ? given : given.type
    const made = variable(this.params.length + this.#locals.push(type) - 1, type)
    if (typeof given !== 'string') assign(this.#code, made, given)
    return made
  }

  /** A variable set at the start of the function, before everything written so far: for constants. */
  hoisted<T extends Type>(value: StackValue<T>): Local<T> {
    const made = this.local(value.type)
    assign(this.#head, made, value)
    return made
  }

  set(local: Local<'i32'>, value: I32): void
  set<T extends Type>(local: Local<T>, value: StackValue<T>): void
  set(local: Local<Type>, value: StackValue<Type> | number): void {
    assign(this.#code, local, value)
  }

  /** Advances a pointer or a counter. */
  advance(local: Local<'i32'>, by: I32): void {
    this.set(local, i32.add(local, by))
  }

  do(statement: Statement): void {
    statement.emit(this.#code)
  }

  call({ index }: FunctionBuilder, ...args: readonly I32[]): void {
    for (const arg of args) emit(this.#code, arg)
    this.#code.push(0x10)
    unsigned(this.#code, index)
  }

  /** Calls a function of the imported table that takes as many integers as this one. */
  callIndirect(place: I32, ...args: readonly I32[]): void {
    for (const arg of [...args, place]) emit(this.#code, arg)
    this.#code.push(0x11)
    unsigned(this.#code, this.index)
    this.#code.push(0)
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    emit(this.#code, condition)
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
      emit(this.#code, condition)
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

  /** The condition is tested after each round: the body runs at least once. One branch per round. */
  repeat(body: () => void, again: I32): void {
    this.#code.push(0x03, blockWithoutResult)
    this.#depth++
    body()
    emit(this.#code, again)
    this.#depth--
    this.#code.push(0x0d, 0, 0x0b)
  }

  /**
   * Runs the body with `left` = count, count - step, … while at least `step` is left, and leaves the rest in `left`.
   */
  countdown(left: Local<'i32'>, step: number, body: () => void): void {
    this.while(i32.greaterOrEqual(left, step), () => {
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
}
