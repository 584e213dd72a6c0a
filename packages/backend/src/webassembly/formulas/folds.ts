import type { ProgramOutput } from '@recurra/formula'
import { f32x4, f64x2, v128, type FunctionBuilder, type Local, type V128 } from '../assembler/index.ts'
import type { Arithmetic } from './arithmetic.ts'

type Folded = Exclude<ProgramOutput['fold'], 'none'>

export const neutral = (a: Arithmetic, fold: Folded): V128 => a.constant(fold === 'max' ? -Infinity : 0)
export const join = (fold: Folded, x: V128, y: V128): V128 => (fold === 'max' ? f32x4.max(x, y) : f32x4.add(x, y))

const upper = [2, 3, 0, 1] as const
const second = [1, 0, 3, 2] as const

/** Folds vectors into one number: the sum of a few in float32, the sum of these in float64. */
export class Fold {
  readonly #f: FunctionBuilder
  readonly #a: Arithmetic
  readonly #kind: Folded
  readonly #part: Local<'v128'>
  readonly #total: Local<'v128'>

  constructor(f: FunctionBuilder, a: Arithmetic, kind: Folded) {
    this.#f = f
    this.#a = a
    this.#kind = kind
    this.#part = f.local('v128')
    this.#total = f.local('v128')
  }

  begin(): void {
    this.#f.set(this.#part, neutral(this.#a, this.#kind))
    if (this.#kind === 'sum') this.#f.set(this.#total, this.#a.constant(0))
  }

  /** Takes all lanes, or those that the mask has. */
  take(value: V128, mask?: V128): void {
    const taken = !mask ? value : this.#kind === 'sum' ? v128.and(value, mask) : v128.select(value, neutral(this.#a, 'max'), mask)
    this.#f.set(this.#part, join(this.#kind, this.#part, taken))
  }

  /** To be called after at most a few hundred elements, so that the float32 part stays small. */
  settle(): void {
    if (this.#kind === 'max') return
    const high = f32x4.shuffle(this.#part, this.#part, upper)
    this.#f.set(this.#total, f64x2.add(this.#total, f64x2.add(f64x2.fromFirst(this.#part), f64x2.fromFirst(high))))
    this.#f.set(this.#part, this.#a.constant(0))
  }

  /** The result, in the first lane. */
  result(): V128 {
    const part = this.#part
    const total = this.#total
    if (this.#kind === 'sum') return f32x4.fromDouble(f64x2.add(total, f32x4.shuffle(total, total, upper)))
    const half = this.#a.keep(f32x4.max(part, f32x4.shuffle(part, part, upper)))
    return f32x4.max(half, f32x4.shuffle(half, half, second))
  }
}
