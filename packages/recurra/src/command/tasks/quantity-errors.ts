import { toNested } from '@recurra/tensor'
import type { Metric } from '@recurra/training'
import { unscaled, type Scaler } from '../data/codec.ts'

/** How far predictions of one quantity are from what it was, in its own unit. */
export interface QuantityErrors {
  /** The share of the variance that is explained: 1 is perfect, 0 as good as the mean; NaN without variance. */
  readonly r2: number
  readonly mae: number
  readonly rmse: number
  /** Of the guess that it is always the mean of the training. */
  readonly mean: { readonly mae: number; readonly rmse: number }
}

/** Compares quantities with what was predicted, once they have the size that they had. Each row counts once. */
export const quantityErrors = (scale: Scaler): Metric<readonly QuantityErrors[]> => {
  let pairs: { readonly predicted: readonly number[]; readonly actual: readonly number[] }[] = []
  return {
    add({ y, target, counts }) {
      const [predicted, actual] = [toNested(y), toNested(target)] as [number[][], number[][]]
      const counting = counts && (toNested(counts) as unknown[])
      predicted.forEach((row, b) => {
        const counted = counting?.[b]
        if (counting && !((Array.isArray(counted) ? Number(counted[0]) : Number(counted)) > 0)) return
        pairs.push({ predicted: unscaled(row, scale), actual: unscaled(actual[b]!, scale) })
      })
    },
    get value() {
      return scale.mean.map((mean, i): QuantityErrors => {
        const actual = pairs.map((pair) => pair.actual[i]!)
        const average = actual.reduce((sum, value) => sum + value, 0) / actual.length
        const squares = (errors: readonly number[]): number => errors.reduce((sum, error) => sum + error ** 2, 0)
        const mae = (errors: readonly number[]): number =>
          errors.reduce((sum, error) => sum + Math.abs(error), 0) / actual.length
        const rmse = (errors: readonly number[]): number => Math.sqrt(squares(errors) / actual.length)
        const errors = pairs.map((pair) => pair.predicted[i]! - pair.actual[i]!)
        const baseline = actual.map((value) => mean - value)
        const variance = squares(actual.map((value) => value - average))
        return {
          r2: variance > 0 ? 1 - squares(errors) / variance : Number.NaN,
          mae: mae(errors), rmse: rmse(errors), mean: { mae: mae(baseline), rmse: rmse(baseline) },
        }
      })
    },
    reset() {
      pairs = []
    },
  }
}
