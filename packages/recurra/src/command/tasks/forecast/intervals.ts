import { quantileOf } from './heads.ts'
import { middleOf, type Outlook } from './forecaster.ts'
import type { ForecastCodec } from './codec.ts'
import { isObserved, type Frame } from './frame.ts'

const enough = 20 // errors, enough to estimate quantiles
const latest = 200 // of them

/** Rows from which forecasts are made, and those before them that only show how large their errors are. */
export const withHistory = (
  origins: readonly number[],
  { recursive, history }: ForecastCodec,
  ahead: number,
): number[] => {
  const first = Math.max(0, (origins[0] ?? 0) - ahead - (recursive ? Math.max(latest, history) : history))
  return Array.from({ length: (origins.at(-1) ?? -1) - first + 1 }, (_, i) => first + i)
}

/**
 * A recursive forecast has quantiles of its first row alone. How far off it is later is seen from its own errors, those
 * known at its origin; without enough of them from the spread of the first row, growing as that of a random walk.
 * `outlooks` are from successive rows.
 */
export const spreadByErrors = (
  outlooks: readonly Outlook[],
  origins: readonly number[],
  { layout, quantiles, nonNegative }: ForecastCodec,
  frame: Frame,
): Outlook[] =>
  outlooks.map((outlook, n) =>
    outlook.map((steps, i) =>
      steps.map((own, h) => {
        const [middle, column] = [middleOf(own), layout.targets[i]!]
        const within = (value: number): number => (nonNegative[column] ? Math.max(0, value) : value)
        const errors: number[] = []
        for (let k = n - h - 1; k >= 0 && errors.length < latest; k--)
          if (isObserved(frame, column, origins[k]! + h + 1))
            errors.push(frame.past[column]![origins[k]! + h + 1]! - middleOf(outlooks[k]![i]![h]!))
        if (errors.length < enough) return own.map((value) => within(middle + (value - middle) * Math.sqrt(h + 1)))
        errors.sort((a, b) => a - b)
        return quantiles
          .map((q, place) => (2 * place === quantiles.length - 1 ? middle : within(middle + quantileOf(errors, q))))
          .sort((a, b) => a - b)
      }),
    ),
  )
