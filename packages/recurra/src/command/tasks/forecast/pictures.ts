import { meanOf } from '../../data/numbers.ts'
import { chart, roundMarks } from '../../report/chart.ts'
import { bars, details, tableSection } from '../../report/html.ts'
import type { TargetMeasures } from './backtest.ts'
import type { ForecastCodec } from './codec.ts'
import { middleOf } from './forecaster.ts'
import { distance } from './in-words.ts'
import { stepName, writtenTime } from './time-grid.ts'

const [most, worst] = [400, 8] // rows: the last ones that were measured on, and those that were forecast worst
const digits = (value: number): string => String(Number(value.toPrecision(5)))

/**
 * What came and what was forecast of a target, with intervals, from the nearest and from the farthest distance, beside
 * its baselines, as pieces of HTML.
 */
export const picturesOf = (
  { name, course, model, baselines }: TargetMeasures, codec: ForecastCodec, times: readonly number[] | undefined,
): string[] => {
  const { step, quantiles, horizon } = codec
  const interval = `${Math.round(100 * (quantiles.at(-1)! - quantiles[0]!))} % interval`
  const at = (row: number): number => times?.[row] ?? row + 1
  const label = (x: number): string => (times ? writtenTime(x, step) : String(x))
  const from = (which: 'near' | 'far', ahead: number): string => {
    const shown = course.slice(-most).filter((one) => one[which])
      .map((one) => ({ x: at(one.row), came: one.came, range: one[which]! }))
    if (shown.length < 2) return ''
    const ends = [0, 1, 2, 3].map((i) => shown[Math.round((i * (shown.length - 1)) / 3)]!.x)
    const title = `${name}, forecast ${distance(ahead, codec)} before`
    const cells = shown.map(({ x, came, range: [low, ...others] }) =>
      [label(x), ...[came, middleOf([low!, ...others]), low!, others.at(-1)!].map(digits)])
    const miss = ({ came, range }: (typeof shown)[number]): number => Math.abs(came - middleOf(range))
    const rows = [...shown.keys()].sort((a, b) => miss(shown[b]!) - miss(shown[a]!)).slice(0, worst)
    const header = [times ? 'when' : 'row', 'what came', 'forecast', 'low', 'high']
    return [
      chart({
        title, x: times ? 'time' : 'row', y: name,
        marks: [...new Set(ends)].map((mark) => [mark, label(mark)]),
        curves: [
          { name: 'what came', points: shown.map(({ x, came }) => [x, came]) },
          { name: 'forecast', points: shown.map(({ x, range }) => [x, middleOf(range)]) },
        ],
        band: { name: interval, points: shown.map(({ x, range }) => [x, range[0]!, range.at(-1)!]) },
      }),
      details(`The ${rows.length} worst of these forecasts`, tableSection(title, header, rows.map((i) => cells[i]!))),
      details('All of them as numbers', tableSection(title, header, cells)),
    ].join('\n')
  }
  const all = Object.entries({ 'this model': model, ...baselines }).map(([who, { MAE }]) => ({ who, MAE }))
  const means = all.map(({ who, MAE }) => ({ name: who, value: meanOf(MAE), inWords: digits(meanOf(MAE)) }))
  const byDistance = chart({
    title: `Error of ${name} by distance`, x: `${stepName(step)}s ahead`, y: 'MAE', marks: roundMarks(0, horizon),
    curves: all.map(({ who, MAE }) => ({ name: who, points: MAE.map((error, h) => [h + 1, error]) })),
  })
  return [
    bars(`${name} beside its baselines: mean absolute error`, means.filter(({ value }) => !Number.isNaN(value))),
    horizon > 1 ? byDistance : '', from('near', 1), horizon > 1 ? from('far', horizon) : '',
  ]
}
