import type { Sequential } from '@recurra/layers'
import { toNested } from '@recurra/tensor'
import { evaluate, meanSquaredError, type Data, type Metric } from '@recurra/training'
import { table } from '../../terminal/table.ts'
import { meanOf, rangeOf, unscaled, type Scaler } from '../data/numbers.ts'
import { chart, roundMarks } from '../report/chart.ts'
import { bars } from '../report/html.ts'
import type { InputCodec } from './rows/input.ts'
import { mostWrong } from './rows/most-wrong.ts'
import type { Example } from './rows/row-data.ts'
import type { Measurable, TaskMeasurement } from './task.ts'

/** Rows to measure on, as they stand, too. */
export interface QuantityRows extends Data, Measurable {
  readonly rows: readonly Example<number[]>[]
}

/** What the quantities of rows are. */
interface Quantities {
  readonly input: InputCodec
  readonly targets: readonly string[]
  readonly scaler: Scaler
}

const header = ['target', 'R2', 'MAE', 'RMSE', 'MAE of the mean', 'RMSE of the mean']
const digits = (value: number): string => (Number.isNaN(value) ? '-' : value.toPrecision(4))

/** How far quantities are from what was predicted, beside always the mean of the training. */
export const measureQuantities = async (
  model: Sequential, data: QuantityRows, codec: Quantities,
): Promise<TaskMeasurement> => {
  const { scaler: scale, targets } = codec
  const metrics = { errors: quantityErrors(scale) }
  const { loss, metrics: { errors } } = await evaluate(model, data, { loss: meanSquaredError(), metrics })
  const worse = targets.filter((_, i) => !(errors[i]!.rmse < errors[i]!.mean.rmse))
  const judged = worse.length > 0 ? `${worse.join(', ')}: NOT better` : 'better'
  const { rmse, mean: { rmse: ofMean } } = errors[Math.max(0, targets.indexOf(worse[0]!))]!
  const each = Object.fromEntries(targets.map((name, i) => [name, errors[i]]))
  return {
    figures: { loss, targets: each, beatsBaselines: worse.length === 0 },
    verdict: `${judged} than always the mean of the training: RMSE ${digits(rmse)}, the mean ${digits(ofMean)}`,
    text: table(header, errors.map(({ r2, mae, rmse, mean }, i) =>
      [targets[i]!, Number.isNaN(r2) ? '-' : r2.toFixed(3), ...[mae, rmse, mean.mae, mean.rmse].map(digits)])),
    pictures: () => picturesOf(model, data, codec, errors),
  }
}

/** Bars beside the mean, what was predicted over what it was, and the rows that were predicted worst. */
const picturesOf = async (
  model: Sequential, data: QuantityRows, { input, targets, scaler: scale }: Quantities,
  errors: readonly QuantityErrors[],
): Promise<string[]> => {
  const pairs: { readonly target: readonly number[]; readonly predicted: readonly number[] }[] = []
  const columns = targets.flatMap((name) => [name, `${name}, predicted`])
  const worst = await mostWrong(model, data, input, columns, (scores, target) => {
    const predicted = unscaled(scores, scale)
    pairs.push({ target, predicted })
    const misses = target.map((value, i) => Math.abs(value - predicted[i]!) / scale.deviation[i]!)
    return {
      by: Math.max(...misses), cells: target.flatMap((value, i) => [String(value), digits(predicted[i]!)]),
    }
  })
  return [
    ...targets.flatMap((name, i) => {
      const points = pairs.map(({ target, predicted }) => [target[i]!, predicted[i]!] as const)
      const ends = rangeOf(points.map(([target]) => target))
      const rivals = { 'this model': errors[i]!.rmse, 'always the mean of the training': errors[i]!.mean.rmse }
      return [
        bars(`${name}: RMSE`, Object.entries(rivals).map(([who, value]) =>
          ({ name: who, value, inWords: digits(value) }))),
        chart({
          title: `Predicted ${name}`, x: `${name} as it was`, y: 'predicted', marks: roundMarks(...ends),
          curves: [
            { name: 'row', points, as: 'dots' },
            { name: 'as it was', points: ends.map((value) => [value, value]) },
          ],
        }),
      ]
    }),
    worst,
  ]
}

/** How far predictions of one quantity are from what it was, in its own unit. */
interface QuantityErrors {
  /** The fraction of the variance that is explained: 1 is perfect, 0 as good as the mean; NaN without variance. */
  readonly r2: number
  readonly mae: number
  readonly rmse: number
  /** Of the guess that it is always the mean of the training. */
  readonly mean: { readonly mae: number; readonly rmse: number }
}

/** Compares quantities with what was predicted, once they have the size that they had. Each row counts once. */
export const quantityErrors = (scale: Scaler): Metric<readonly QuantityErrors[]> => {
  let pairs: { readonly predicted: readonly number[]; readonly target: readonly number[] }[] = []
  return {
    add({ y, target, counts }) {
      const [predicted, targets] = [toNested(y), toNested(target)] as [number[][], number[][]]
      const counting = counts && (toNested(counts) as (number | number[])[]).map((one) => [one].flat()[0]!)
      predicted.forEach((row, b) => {
        if (counting && !(counting[b]! > 0)) return
        pairs.push({ predicted: unscaled(row, scale), target: unscaled(targets[b]!, scale) })
      })
    },
    get value() {
      return scale.mean.map((mean, i): QuantityErrors => {
        const targets = pairs.map(({ target }) => target[i]!)
        const square = (errors: readonly number[]): number => meanOf(errors.map((error) => error ** 2))
        const sizeOf = (errors: readonly number[]): { readonly mae: number; readonly rmse: number } =>
          ({ mae: meanOf(errors.map(Math.abs)), rmse: Math.sqrt(square(errors)) })
        const errors = pairs.map(({ predicted, target }) => predicted[i]! - target[i]!)
        const middle = meanOf(targets)
        const variance = square(targets.map((value) => value - middle))
        return {
          r2: variance > 0 ? 1 - square(errors) / variance : Number.NaN,
          ...sizeOf(errors), mean: sizeOf(targets.map((value) => mean - value)),
        }
      })
    },
    reset() {
      pairs = []
    },
  }
}
