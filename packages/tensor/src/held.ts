import { ValueError, type Complaint } from './errors.ts'
import type { DType } from './tensor.ts'

/** The last number that float32 does not round to infinity, just below the middle between its largest and 2^128. */
const largestFloat32 = 2 ** 128 - 2 ** 103 - 2 ** 75

/**
 * The largest number that a number type can hold: a larger one would become infinite where it is rounded.
 *
 * ```ts
 * import { largestIn } from '@recurra/tensor'
 *
 * console.log(Math.fround(largestIn('float32'))) // 3.4028234663852886e+38
 * console.log(Math.fround(1.001 * largestIn('float32'))) // Infinity
 * ```
 */
export const largestIn = (dtype: DType): number => (dtype === 'float32' ? largestFloat32 : Number.MAX_VALUE)

const usualFix = "Scale it, or use a model on javascript({ dtype: 'float64' })."

/** The error of a number that a number type cannot hold: it is not finite, or too large. `fix` comes last in both. */
export const notHeld = (value: unknown, dtype: DType, fix = ''): Complaint =>
  Number.isFinite(value)
    ? {
        expected: `a number up to 3.4028235e+38, the largest of ${dtype}`,
        got: String(value),
        fix: fix ? `${usualFix} ${fix}` : usualFix,
      }
    : { expected: 'a finite number', got: String(value), fix }

/**
 * Checks that no finite number becomes infinite in a number type. NaN and infinities pass. `fix` is what the
 * error advises, instead of what helps most users.
 *
 * ```ts
 * import { expectHeld } from '@recurra/tensor'
 *
 * expectHeld([1e38, -Infinity], 'float32', 'weights')
 * try {
 *   expectHeld([1, 1e39], 'float32', 'weights')
 * } catch (error) {
 *   console.log((error as Error).message) // weights, number 1: expected a number up to 3.4028235e+38, …
 * }
 * ```
 * @throws `ValueError` if one does; the error names it.
 */
export const expectHeld = (
  values: ArrayLike<number>, dtype: DType, where: string, fix: string = usualFix,
): void => {
  if (dtype === 'float64' || values instanceof Float32Array) return
  const at = Array.prototype.findIndex.call(values, isTooLarge)
  if (at >= 0) throw new ValueError({ where: `${where}, number ${at}`, ...notHeld(values[at], dtype), fix })
}

const isTooLarge = (value: number): boolean => Math.abs(value) > largestFloat32 && Math.abs(value) < Infinity
