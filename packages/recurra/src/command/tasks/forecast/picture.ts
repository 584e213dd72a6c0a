import { forecastChart } from '../../report/forecast-chart.ts'
import type { TargetMeasures } from './backtest.ts'
import type { ForecastCodec } from './codec.ts'
import { middleOf } from './forecaster.ts'
import { distance } from './in-words.ts'

const most = 400 // rows, the last ones

/** What came and what was forecast, from the nearest and from the farthest distance, as pieces of HTML. */
export const pictureOf = (
  { name, course }: TargetMeasures,
  codec: ForecastCodec,
  times: readonly number[] | undefined,
): string => {
  const shown = course.slice(-most)
  const from = (which: 'near' | 'far', ahead: number): string =>
    forecastChart(`${name}, ${distance(ahead, codec)} before`, {
      step: codec.step,
      points: shown.flatMap((one) => {
        const range = one[which]
        return range
          ? [
              {
                x: times?.[one.row] ?? one.row + 1,
                came: one.came,
                said: middleOf(range),
                low: range[0]!,
                high: range.at(-1)!,
              },
            ]
          : []
      }),
      dated: times !== undefined,
    })
  return [from('near', 1), ...(codec.horizon > 1 ? [from('far', codec.horizon)] : [])].join('\n')
}
