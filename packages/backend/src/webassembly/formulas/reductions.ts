import type { ProgramOutput } from '@recurra/formula'
import { f32x4, f64x2, v128, type FunctionBuilder, type Local, type V128 } from '../assembler/index.ts'
import type { Arithmetic } from './arithmetic.ts'

type ReductionKind = ProgramOutput['reduce']

export const neutral = (a: Arithmetic, kind: ReductionKind): V128 => a.constant(kind === 'max' ? -Infinity : 0)
export const combine = (kind: ReductionKind, x: V128, y: V128): V128 =>
  (kind === 'max' ? f32x4.max(x, y) : f32x4.add(x, y))

/** Combines neighbors first, then their results. */
const all = (join: (x: V128, y: V128) => V128, parts: readonly V128[]): V128 => {
  if (parts.length === 1) return parts[0]!
  const half = parts.length >> 1
  return join(all(join, parts.slice(0, half)), all(join, parts.slice(half)))
}

const halvesSwapped = [2, 3, 0, 1] as const
const pairsSwapped = [1, 0, 3, 2] as const

/** A value that a row, or the whole grid, is reduced to. */
export interface Reduction {
  begin(): void
  /** Adds all lanes of a kept value, or those in the mask; `part` is the position among neighboring vectors. */
  take(value: V128, part: number, mask?: V128): void
  /** Call it at least every thousand elements or so. */
  settle(): void
  /** The result, in the first lane. */
  result(): V128
}

/** Sums a few vectors in float32, and these sums in float64. */
class Sum implements Reduction {
  readonly #f: FunctionBuilder
  readonly #a: Arithmetic
  readonly #parts: readonly Local<'v128'>[]
  readonly #total: Local<'v128'>

  constructor(f: FunctionBuilder, a: Arithmetic, parts: number) {
    this.#f = f
    this.#a = a
    this.#parts = Array.from({ length: parts }, () => f.local('v128'))
    this.#total = f.local('v128')
  }

  begin(): void {
    for (const local of [...this.#parts, this.#total]) this.#f.set(local, this.#a.constant(0))
  }

  take(value: V128, part: number, mask?: V128): void {
    const sum = this.#parts[part]!
    this.#f.set(sum, f32x4.add(sum, mask ? v128.and(value, mask) : value))
  }

  settle(): void {
    const sum = this.#a.keep(all(f32x4.add, this.#parts))
    const [low, high] = [f64x2.fromFirst(sum), f64x2.fromFirst(f32x4.shuffle(sum, sum, halvesSwapped))]
    this.#f.set(this.#total, f64x2.add(this.#total, f64x2.add(low, high)))
    for (const part of this.#parts) this.#f.set(part, this.#a.constant(0))
  }

  result(): V128 {
    return f32x4.fromDouble(f64x2.add(this.#total, f32x4.shuffle(this.#total, this.#total, halvesSwapped)))
  }
}

/** The largest, and separately whether there was a NaN: a maximum that keeps NaN would take eight instructions. */
class Maximum implements Reduction {
  readonly #f: FunctionBuilder
  readonly #a: Arithmetic
  readonly #parts: readonly Local<'v128'>[]
  readonly #nans: Local<'v128'>

  constructor(f: FunctionBuilder, a: Arithmetic, parts: number) {
    this.#f = f
    this.#a = a
    this.#parts = Array.from({ length: parts }, () => f.local('v128'))
    this.#nans = f.local('v128')
  }

  begin(): void {
    for (const part of this.#parts) this.#f.set(part, this.#a.constant(-Infinity))
    this.#f.set(this.#nans, this.#a.constant(0))
  }

  take(value: V128, part: number, mask?: V128): void {
    const largest = this.#parts[part]!
    const nan = f32x4.notEqual(value, value)
    this.#f.set(largest, f32x4.pseudoMax(largest, mask ? v128.select(value, this.#a.constant(-Infinity), mask) : value))
    this.#f.set(this.#nans, v128.or(this.#nans, mask ? v128.and(nan, mask) : nan))
  }

  settle(): void {} // nothing grows

  result(): V128 {
    const largest = this.#a.keep(v128.or(all(f32x4.pseudoMax, this.#parts), this.#nans)) // all ones are a NaN
    const half = this.#a.keep(f32x4.max(largest, f32x4.shuffle(largest, largest, halvesSwapped)))
    return f32x4.max(half, f32x4.shuffle(half, half, pairsSwapped))
  }
}

/** A reduction with one part for each vector computed at once, so that they do not wait for one another. */
export const reductionInto = (f: FunctionBuilder, a: Arithmetic, kind: ReductionKind, parts: number): Reduction =>
  kind === 'max' ? new Maximum(f, a, parts) : new Sum(f, a, parts)
