import { toNested } from '@recurra/tensor'
import type { Metric } from '@recurra/training'
import { unscaled, type Scaler } from '../data/scaler.ts'

/** The root of the mean squared error of each column, in its own unit: of the model, and of the guess that nothing changes. */
export interface Errors {
  readonly model: readonly number[]
  readonly control: readonly number[]
}

/** Compares foretold changes with those that came, once they have the size that they had. */
export const squaredErrors = (change: Scaler): Metric<Errors> => {
  const features = change.mean.length
  let [model, control, steps] = [new Float64Array(features), new Float64Array(features), 0]
  return {
    add({ y, target, counts }) {
      const [said, wanted, counting] = [toNested(y), toNested(target), counts && toNested(counts)] as [number[][][], number[][][], number[][] | undefined]
      said.forEach((sequence, b) => sequence.forEach((row, t) => {
        if (counting && !(counting[b]![t]! > 0)) return
        const [own, came] = [unscaled(row, change), unscaled(wanted[b]![t]!, change)]
        came.forEach((value, i) => {
          model[i]! += (value - own[i]!) ** 2
          control[i]! += value ** 2
        })
        steps++
      }))
    },
    get value() {
      const roots = (sums: Float64Array): number[] => Array.from(sums, (sum) => Math.sqrt(sum / Math.max(1, steps)))
      return { model: roots(model), control: roots(control) }
    },
    reset() {
      ;[model, control, steps] = [new Float64Array(features), new Float64Array(features), 0]
    },
  }
}
