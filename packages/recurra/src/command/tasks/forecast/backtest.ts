import type { Sequential } from '@recurra/layers'
import { meanOf } from '../../data/numbers.ts'
import type { ForecastCodec } from './codec.ts'
import { middleOf } from './forecaster.ts'
import { isObserved, linearInputs, seasonBefore, type Frame, type Layout } from './frame.ts'
import { correctedOutlooks } from './learn-from-errors.ts'
import { linearAt, type Linear } from './linear.ts'

/** Rows of a series that are measured on: [from, to), each forecast from every distance. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The errors of one forecaster, by distance. */
export interface Errors {
  readonly MAE: readonly number[]
  readonly RMSE: readonly number[]
  /** MAE over that of the naive forecast on the rows that were learned from, at the same distance. */
  readonly MASE: readonly number[]
}

/** What was measured of one target. */
export interface TargetMeasures {
  readonly name: string
  /** How many rows were forecast, by distance. */
  readonly rows: readonly number[]
  readonly model: Errors
  readonly baselines: Readonly<Record<string, Errors>>
  /** The fraction of rows within the interval, by distance. */
  readonly coverage: readonly number[]
  /** For pictures: what came, and what was forecast from the nearest and the farthest distance. */
  readonly course: readonly Course[]
}

/** One row that was measured on. */
interface Course {
  readonly row: number
  readonly came: number
  readonly near: readonly number[] | undefined
  readonly far: readonly number[] | undefined
}

/**
 * Forecasts every row of a span from each distance, with the origin rolling on row by row, beside baselines; every row
 * counts once at each distance. No weight changes on the way, and nothing after an origin is read.
 */
export const backtest = (
  model: Sequential, codec: ForecastCodec, frame: Frame, { from, to }: Span,
): TargetMeasures[] => {
  const { horizon, layout, columns, quantiles } = codec
  const outlookAt = correctedOutlooks(model, codec, frame, range(Math.max(0, from - horizon), to - 1), horizon)
  return columns.targets.map((name, t) => {
    const column = columns.past.indexOf(name)
    const i = layout.targets.indexOf(column)
    const came = frame.past[column]!
    const rowsAt = (ahead: number): number[] =>
      range(Math.max(from, ahead), to).filter((row) => isObserved(frame, column, row))
    const errorsOf = (forecast: (t: number, ahead: number) => number): Errors => {
      const all = range(1, horizon + 1).map((ahead) =>
        rowsAt(ahead).map((row) => came[row]! - forecast(row - ahead, ahead)),
      )
      const MAE = all.map((errors) => meanOf(errors.map(Math.abs)))
      return {
        MAE,
        RMSE: all.map((errors) => Math.sqrt(meanOf(errors.map((error) => error ** 2)))),
        MASE: MAE.map((one, h) => one / codec.naiveError[i]![h]!),
      }
    }
    const within = (row: number, ahead: number): number => {
      const range = outlookAt(row - ahead)[i]![ahead - 1]!
      return came[row]! >= range[0]! && came[row]! <= range[quantiles.length - 1]! ? 1 : 0
    }
    return {
      name,
      rows: range(1, horizon + 1).map((ahead) => rowsAt(ahead).length),
      model: errorsOf((t, ahead) => middleOf(outlookAt(t)[i]![ahead - 1]!)),
      baselines: Object.fromEntries(
        Object.entries(baselinesOf(frame, layout, column, codec.ridge[t]!)).map(([name, forecast]) => [
          name, errorsOf(forecast),
        ]),
      ),
      coverage: range(1, horizon + 1).map((ahead) => meanOf(rowsAt(ahead).map((row) => within(row, ahead)))),
      course: rowsAt(1).map((row) => ({
        row, came: came[row]!, near: outlookAt(row - 1)[i]![0],
        far: row >= Math.max(horizon, from) ? outlookAt(row - horizon)[i]![horizon - 1] : undefined,
      })),
    }
  })
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

/** Forecasts a target `ahead` rows after row t from what comes up to t; NaN where that does not go back far enough. */
type Baseline = (t: number, ahead: number) => number

/** The guesses that a forecast has to beat, of one target. */
export const baselinesOf = (
  frame: Frame, layout: Layout, target: number, linear: readonly Linear[],
): Readonly<Record<string, Baseline>> => {
  const values = frame.past[target]!
  const { season } = layout
  return {
    naive: (t) => values[t]!,
    ...(season > 1 && {
      'seasonal naive': (t: number, ahead: number) => values[seasonBefore(t, ahead, season)] ?? NaN,
    }),
    drift: (t, ahead) => values[t]! + (t > 0 ? (ahead * (values[t]! - values[0]!)) / t : 0),
    ridge: (t, ahead) => values[t]! + linearAt(linear[ahead - 1]!, linearInputs(frame, layout, target, ahead, t)),
  }
}
