import { table } from '../../../terminal/table.ts'
import { meanOf } from '../../data/numbers.ts'
import { counted } from '../../notes.ts'
import type { Errors, TargetMeasures } from './backtest.ts'
import type { ForecastCodec } from './codec.ts'
import type { Parts } from './linear.ts'
import type { Series } from './read-series.ts'
import { stepName, writtenTime } from './time-grid.ts'

/** `1 day`, `3 days`. */
export const distance = (ahead: number, { step }: Pick<ForecastCodec, 'step'>): string =>
  `${ahead} ${stepName(step)}${ahead === 1 ? '' : 's'}`

/** What is forecast, from what, and what is measured on. */
export const aboutSeries = (
  codec: ForecastCodec, { length, times, step }: Series,
  { train, validation }: Parts,
): string => {
  const { columns: { past, targets, known }, layout: { season }, horizon, recursive } = codec
  const others = past.filter((name) => !targets.includes(name))
  const from = (row: number): string => (times ? ` (from ${writtenTime(times[row]!, step)})` : '')
  const reads = [
    ...(others.length > 0 ? [`from its past and that of ${others.join(', ')}`] : []),
    ...(known.length > 0 ? [`with ${known.join(', ')} known in advance`] : []),
  ]
  const far = `${distance(horizon, codec)} ahead, ${recursive ? 'one after the other' : 'each with its own outputs'}`
  const cycle = season > 1 ? `a season of ${season} rows` : 'no season'
  const rows = `${counted(length)} rows${step ? `, one per ${stepName(step)}` : ''}`
  return [
    `${rows}: ${[`forecasts ${targets.join(', ')}`, ...reads].join(' ')}`,
    `${far}; ${cycle}; calendar: ${codec.calendar.join(', ') || 'none'}`,
    `learns from ${counted(train)} rows, chooses on the ${counted(validation - train)} after them, ` +
      `is measured on the last ${counted(length - validation)}${from(validation)}`,
  ].join('\n')
}

/** How a model stands to the best of its baselines. */
interface Verdict {
  readonly beatsBaselines: boolean
  readonly text: string
}

/** Whether a model is better than each baseline at every distance, by the mean absolute error. */
export const verdictOn = ({ name, model, baselines }: TargetMeasures, codec: ForecastCodec): Verdict => {
  const others = Object.entries(baselines).map(([baseline, { MAE }]) => ({ baseline, MAE, mean: meanOf(MAE) }))
    .filter(({ mean }) => !Number.isNaN(mean))
  const best = others.reduce((least, one) => (one.mean < least.mean ? one : least))
  const worse = model.MAE.flatMap((own, h) => (others.some(({ MAE }) => MAE[h]! <= own) ? [h + 1] : []))
  if (best.mean === 0 && meanOf(model.MAE) === 0)
    return { beatsBaselines: true, text: `${name}: never changes, and is forecast so` }
  const figures = `MAE ${rounded(meanOf(model.MAE))}, the best of them (${best.baseline}) ${rounded(best.mean)}`
  if (worse.length === 0)
    return {
      beatsBaselines: true,
      text: `${name}: better than its baselines${model.MAE.length > 1 ? ' at every distance' : ''}: ${figures}`,
    }
  const which = `${worse.slice(0, 8).join(', ')}${worse.length > 8 ? ', …' : ''} ${stepName(codec.step)}s`
  const all = model.MAE.length
  const where = worse.length === all ? '' : ` at ${worse.length} of ${all} distances (${which})`
  return { beatsBaselines: false, text: `${name}: NOT better than its baselines${where}: ${figures}` }
}

const rounded = (value: number): string => (Number.isNaN(value) ? '-' : value.toPrecision(4))
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The distances that a table shows. */
const shownDistances = (horizon: number): number[] => {
  const usual = [1, 2, 3, 7, 14, 30, 90, 365].filter((ahead) => ahead < horizon)
  return [
    ...(horizon <= 5
      ? Array.from({ length: horizon - 1 }, (_, i) => i + 1)
      : usual.filter((ahead) => ahead !== 2).slice(0, 4)),
    horizon,
  ]
}

/** What was measured of a target, as a table of forecasters by distance. */
export const measuresInWords = (measures: TargetMeasures, codec: ForecastCodec): string => {
  const { name, rows, model, baselines, coverage } = measures
  const shown = shownDistances(codec.horizon)
  const several = codec.horizon > 1
  const line = (who: string, { MAE, RMSE, MASE }: Errors): string[] => [
    who, ...shown.map((ahead) => rounded(MAE[ahead - 1]!)), ...(several ? [rounded(meanOf(MAE))] : []),
    rounded(meanOf(RMSE)), rounded(meanOf(MASE)),
  ]
  const [least, largest] = [Math.min(...rows), Math.max(...rows)]
  const inside = shown.map((ahead) => `${distance(ahead, codec)} ${percent(coverage[ahead - 1]!)}`).join(', ')
  const share = Math.round(100 * (codec.quantiles.at(-1)! - codec.quantiles[0]!))
  const reach = several ? `1 to ${distance(codec.horizon, codec)}` : distance(1, codec)
  const fewer = least < largest ? ` (${counted(least)} of them from the farthest)` : ''
  return [
    `${name}: ${counted(largest)} rows, each forecast ${reach} before${fewer}`,
    table(
      [
        '', ...shown.map((ahead) => `MAE, ${distance(ahead, codec)}`), ...(several ? ['mean MAE'] : []),
        several ? 'mean RMSE' : 'RMSE', several ? 'mean MASE' : 'MASE',
      ],
      [
        line('model', model),
        ...Object.entries(baselines).map(([baseline, errors]) =>
          line(baseline === 'seasonal naive' ? `${baseline} (${codec.layout.season})` : baseline, errors),
        ),
      ],
    ),
    `within the ${share} % interval: ${several ? `${percent(meanOf(coverage))}; ` : ''}${inside}`,
  ].join('\n')
}

/** The same for machines. */
export const figuresOf = (
  all: readonly TargetMeasures[], verdicts: readonly Verdict[], { horizon, quantiles, layout }: ForecastCodec,
): Readonly<Record<string, unknown>> => ({
  verdict: verdicts.map(({ text }) => text).join('; '),
  beatsBaselines: verdicts.every(({ beatsBaselines }) => beatsBaselines),
  horizon,
  interval: Number((quantiles.at(-1)! - quantiles[0]!).toFixed(6)),
  season: layout.season,
  targets: Object.fromEntries(
    all.map(({ name, rows, model, baselines, coverage }, i) => [
      name, { beatsBaselines: verdicts[i]!.beatsBaselines, rows, model, ...baselines, coverage },
    ]),
  ),
})
