import { describeValue } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { Global, OpaqueValue, pathOf, PickledObject, type PickleRules } from './pickle-rules.ts'

const mark = Symbol('mark')
const mostValues = 100_000 // on the stack; Python writes lists and dicts a thousand values at a time
const [utf8, latin1] = [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), new TextDecoder('latin1')]

/** The machine that a pickle is a program for: a stack, marks on it, and a memo of values by number. */
export class PickleMachine {
  at: number
  stopped = false
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #rules: PickleRules
  readonly #stack: unknown[] = []
  readonly #memo = new Map<number, unknown>()

  constructor(bytes: Uint8Array, rules: PickleRules, begin: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#rules = rules
    this.at = begin
  }

  fault(expected: string, got: string, at: number = this.at): FormatError {
    return this.#rules.fault(at, expected, got)
  }

  /** The next bytes of the pickle. */
  take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.at)
      throw this.fault(`${count} more bytes`, `${this.#bytes.length - this.at}`)
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes, little-endian. */
  uint(count: 1 | 2 | 4 | 8): number {
    const at = this.at
    this.take(count)
    if (count === 1) return this.#view.getUint8(at)
    if (count === 2) return this.#view.getUint16(at, true)
    return count === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true))
  }

  int32(): number {
    return this.uint(4) | 0
  }

  /** A floating-point number of 8 bytes, big-endian. */
  float(): number {
    this.take(8)
    return this.#view.getFloat64(this.at - 8)
  }

  /** A signed integer of any number of bytes, little-endian: a bigint if a number cannot hold it. */
  integer(count: number): number | bigint {
    const bytes = this.take(count)
    if (count > 1024) throw this.fault('an integer of at most 1024 bytes', `${count}`)
    let value = 0n
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
    const signed = BigInt.asIntN(8 * count, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  text(count: number, isLatin1?: boolean): string {
    try {
      return (isLatin1 ? latin1 : utf8).decode(this.take(count))
    } catch (error) {
      throw error instanceof FormatError ? error : this.fault('a text in UTF-8', 'other bytes')
    }
  }

  /** A text up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at)
    if (end < 0) throw this.fault('the end of a line', 'none')
    const text = this.text(end - this.at)
    this.at++
    return text
  }

  push(value: unknown): void {
    if (this.#stack.push(value) > mostValues) throw this.fault(`at most ${mostValues} values at a time`, 'more')
  }

  pop(): unknown {
    const value = this.top()
    this.#stack.pop()
    return value
  }

  top(): unknown {
    const value = this.#stack.at(-1)
    if (this.#stack.length === 0 || value === mark) throw this.fault('a value on the stack', 'none')
    return value
  }

  mark(): void {
    this.push(mark)
  }

  /** The values above the last mark, without it. */
  sinceMark(): unknown[] {
    const place = this.#stack.lastIndexOf(mark)
    if (place < 0) throw this.fault('a mark on the stack', 'none')
    return this.#stack.splice(place).slice(1)
  }

  /** The last values of the stack. */
  last(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse()
  }

  /** The value on the stack, which must be of a class. */
  topAs<T>(type: abstract new (...args: never[]) => T, what: string): T {
    const value = this.top()
    if (!(value instanceof type)) throw this.fault(what, describeValue(value))
    return value
  }

  append(values: readonly unknown[]): void {
    if (this.top() instanceof OpaqueValue) return
    const list = this.topAs<unknown[]>(Array, 'a list')
    for (const value of values) list.push(value)
  }

  set(values: readonly unknown[]): void {
    if (this.top() instanceof OpaqueValue) return
    const dict = this.topAs<Map<unknown, unknown>>(Map, 'a dict')
    if (values.length % 2 !== 0) throw this.fault('a value for each key', 'a key without one')
    for (let i = 0; i < values.length; i += 2) dict.set(values[i], values[i + 1])
  }

  remember(number: number): void {
    this.#memo.set(number, this.top())
  }

  rememberNext(): void {
    this.remember(this.#memo.size)
  }

  recall(number: number): void {
    if (!this.#memo.has(number)) throw this.fault('a value that was remembered', `number ${number}`)
    this.push(this.#memo.get(number))
  }

  /** Imitates the call of a function, if the rules do. */
  call(): void {
    const [callee, args] = this.last(2)
    const path = pathOf(callee)
    const run = Object.hasOwn(this.#rules.calls, path) ? this.#rules.calls[path] : undefined
    this.push(run && Array.isArray(args) ? run(args, this.at) : this.#opaque(callee))
  }

  make(): void {
    const [type] = this.last(2)
    const isKnown = type instanceof Global && this.#rules.hasFields(type)
    this.push(isKnown ? new PickledObject(type) : this.#opaque(type))
  }

  /** Gives an object its fields. Those of a dict are attributes, such as the versions of a state dict, not items. */
  build(): void {
    const fields = this.pop()
    const value = this.top()
    if (value instanceof PickledObject) value.fields = fields
    else if (!(value instanceof Map || value instanceof OpaqueValue))
      throw this.fault('an object that can have fields', describeValue(value))
  }

  persistent(): void {
    this.push(this.#rules.persistent(this.pop(), this.at))
  }

  #opaque(callee: unknown): OpaqueValue {
    const [at, path] = [this.at, pathOf(callee)]
    return new OpaqueValue(path, () => this.#rules.refused(at, path))
  }
}
