import type { ForecastCodec } from './codec.ts'
import { middleOf, type Outlook } from './forecaster.ts'
import { isObserved, type Frame } from './frame.ts'
import { IntervalWidth } from './interval-width.ts'
import { RecentBias } from './recent-bias.ts'

/**
 * Forecasts as the errors known at their origin correct them, at each distance by itself: shifted by their recent bias,
 * with intervals as wide as it takes to hold their share of rows. `outlooks` are from successive rows; nothing after an
 * origin is read.
 */
export const learnFromErrors = (
  outlooks: readonly Outlook[],
  origins: readonly number[],
  { layout, quantiles, nonNegative }: ForecastCodec,
  frame: Frame,
): Outlook[] => {
  const corrected: number[][][][] = outlooks.map(() => layout.targets.map(() => []))
  layout.targets.forEach((column, i) =>
    outlooks[0]?.[i]?.forEach((_, h) => {
      const bias = new RecentBias(h + 1)
      const width = new IntervalWidth(quantiles.at(-1)! - quantiles[0]!)
      const least = nonNegative[column] ? 0 : -Infinity
      outlooks.forEach((outlook, n) => {
        const [before, row] = [n - h - 1, origins[n]!] // the row that came last, and whence it was forecast
        if (before >= 0 && isObserved(frame, column, row)) {
          const [came, given] = [frame.past[column]![row]!, corrected[before]![i]![h]!]
          bias.add(came - middleOf(outlooks[before]![i]![h]!))
          width.add(came >= given[0]! && came <= given.at(-1)!)
        }
        const own = outlook[i]![h]!
        const middle = middleOf(own)
        const centre = middle + bias.value
        corrected[n]![i]!.push(own.map((value) => Math.max(least, centre + (value - middle) * width.value)))
      })
    }),
  )
  return corrected
}
