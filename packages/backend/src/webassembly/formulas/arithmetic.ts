import { f32x4, i32x4, type FunctionBuilder, type V128 } from '../assembler/index.ts'
import type { Features } from '../engine.ts'

/** The vocabulary of the elementary functions: vectors of four float32 in a function under construction. */
export class Arithmetic {
  readonly #f: FunctionBuilder
  readonly #fused: boolean
  readonly #constants = new Map<string, V128>()

  constructor(f: FunctionBuilder, { relaxedSimd }: Features) {
    this.#f = f
    this.#fused = relaxedSimd
  }

  /** A value that is read more than once, or that must be computed here and not later. */
  keep(value: V128): V128 {
    return this.#f.local(value)
  }

  /** The same number in every lane, made once: newer engines rebuild a constant at every use. */
  constant(value: number): V128 {
    return this.#once(`f${Object.is(value, -0) ? '-0' : value}`, () => f32x4.constant(value))
  }

  /** The bits of an integer in each lane. */
  bits(value: number): V128 {
    return this.#once(`i${value}`, () => i32x4.constant(value))
  }

  /** Four integers, one for each lane. */
  lanes(a: number, b: number, c: number, d: number): V128 {
    return this.#once(`i${a},${b},${c},${d}`, () => i32x4.constants(a, b, c, d))
  }

  /** a·b + c, rounded once where the engine can. */
  multiplyAdd(a: V128, b: V128, c: V128): V128 {
    return this.#fused ? f32x4.relaxedMadd(a, b, c) : f32x4.add(f32x4.mul(a, b), c)
  }

  /** c - a·b */
  multiplySub(a: V128, b: V128, c: V128): V128 {
    return this.#fused ? f32x4.relaxedNmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b))
  }

  /** NaN stays NaN. */
  clamp(x: V128, low: number, high: number): V128 {
    return f32x4.pseudoMin(f32x4.pseudoMax(x, this.constant(low)), this.constant(high))
  }

  #once(key: string, make: () => V128): V128 {
    let known = this.#constants.get(key)
    if (!known) this.#constants.set(key, (known = this.#f.hoisted(make())))
    return known
  }
}
