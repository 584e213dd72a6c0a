import { sequence } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { readTable } from '../../data/read-table.ts'
import { counted } from '../../notes.ts'
import type { Measurable, Task } from '../task.ts'
import { backtest, type Span } from './backtest.ts'
import { choiceOf, chooseColumns } from './choose-columns.ts'
import { parseForecastCodec, type ForecastCodec } from './codec.ts'
import { fitCodec } from './fit-codec.ts'
import { frameOf } from './frame-of.ts'
import { firstOrigin, type Frame } from './frame.ts'
import { distance, figuresOf, measuresInWords, pictureOf, verdictOn } from './in-words.ts'
import { maskedQuantileLoss } from './masked-quantile-loss.ts'
import { networkInputs } from './network-inputs.ts'
import { forecastFlags, forecastOptions } from './options.ts'
import { predictSeries } from './predict-series.ts'
import { readSeries, type Series } from './read-series.ts'
import { stepName, writtenTime } from './time-grid.ts'
import { examplesIn, windowsOf, type Rows } from './windows-of.ts'

/** Rows to measure on, within their series. */
export interface HeldOut extends Measurable {
  readonly series: Series
  readonly frame: Frame
  readonly span: Span
}

const usualWindow = 32 // steps
const updates = 8 // of an epoch, about: then the model is measured

/** How a series continues. */
export const forecast: Task<ForecastCodec, HeldOut> = {
  about: 'the next rows',
  flags: forecastFlags,
  heeds: ['columns', 'length'],
  missing: ['error', 'carry', 'interpolate', 'mask'],
  // A series has few rows, and linear forecasts do most of the work.
  defaults: { layers: 1, hidden: 16, learningRate: 1 / 3 },
  loss: ({ quantiles }) => maskedQuantileLoss(quantiles),

  dataset(file, args, settings) {
    const options = forecastOptions(args, settings)
    const table = readTable(file, settings.encoding)
    const chosen = chooseColumns(table, choiceOf(args))
    const series = readSeries(table, chosen, settings.missing)
    const { length } = series
    const tested = options.origins ?? Math.max(2, Math.round(length * settings.holdOut))
    const chosenOn = Math.max(2, Math.round((length - tested) * settings.holdOut)) + options.horizon - 1
    const parts = { train: length - tested - chosenOn, validation: length - tested }
    const least = Math.max(6, 2 * options.horizon)
    if (parts.train < least)
      throw new ValueError({
        where: file,
        expected: `at least ${tested + chosenOn + least} rows, to learn from and to measure on`,
        got: String(length),
        fix: 'Use a longer series, a shorter --horizon, or fewer rows to measure on (--origins, --hold-out).',
      })
    const window = Math.min(settings.window ?? usualWindow, Math.max(2, Math.floor(parts.train / 4)))
    const { codec, frame } = fitCodec(series, chosen, options, window, parts)
    const rows = (from: number, to: number): Rows => examplesIn(frame, codec, from, to)
    const first = Math.min(firstOrigin(codec.layout), parts.train - codec.layout.horizon - 1)
    const train = rows(first, parts.train)
    const choosing = rows(parts.train, parts.validation)
    const stride = Math.min(
      Math.ceil(window / 2),
      Math.max(1, Math.ceil((train.count - window) / (updates * settings.batch))),
    )
    return {
      codec,
      input: sequence(networkInputs(frame, { ...codec, horizon: codec.layout.horizon }, 0).length),
      size: codec.layout.targets.length * codec.layout.horizon * codec.quantiles.length,
      fromZero: true,
      unit: 'rows',
      train: windowsOf(train, { steps: window, stride, batch: settings.batch }),
      validation: windowsOf(choosing, { steps: window, stride: window, batch: settings.batch }),
      test: { series, frame, span: { from: parts.validation, to: length } },
      about: aboutDataset(codec, series, parts),
      leftOut: chosen.leftOut,
      notes: [...chosen.notes.map((text) => ({ text, figures: {} })), ...series.notes],
    }
  },

  aroundTheNetwork: ({ recursive }) =>
    'y is no forecast, but a correction: a target is its last value + linear + spread · (offset + y), '
    + `by heads and scaling${recursive ? '; it is one row ahead, and is read for the next' : ''}. `
    + 'The guide on forecasting has each step under "The network elsewhere"; recurra predict does them all',
  codecOf: parseForecastCodec,
  lossInWords: (loss) => `quantile loss ${loss.toFixed(4)}`,

  async measure(model, { series, frame, span }, codec) {
    const all = backtest(model, codec, frame, span)
    const verdicts = all.map((measures) => verdictOn(measures, codec))
    return {
      figures: figuresOf(all, verdicts, codec),
      // What is not better comes first.
      verdict: [...verdicts]
        .sort((a, b) => Number(a.beatsBaselines) - Number(b.beatsBaselines))
        .map(({ text }) => text)
        .join('\n'),
      text: all.map((measures) => measuresInWords(measures, codec)).join('\n\n'),
      pictures: all.map((measures) => pictureOf(measures, codec, series.times)),
    }
  },

  dataOf(file, codec, { missing, encoding }) {
    const columns = { ...codec.columns, leftOut: [], notes: [] }
    const series = readSeries(readTable(file, encoding), columns, missing, codec.formats)
    if (series.length < 2)
      throw new ValueError({
        where: file,
        expected: 'at least two rows',
        got: String(series.length),
        fix: 'Use a longer series.',
      })
    return {
      series,
      frame: frameOf(series, codec.calendar, codec.horizon),
      span: { from: 0, to: series.length },
      notes: series.notes,
    }
  },

  predict: predictSeries,
}

const aboutDataset = (
  codec: ForecastCodec,
  { length, times, step }: Series,
  { train, validation }: { readonly train: number; readonly validation: number },
): string => {
  const { columns: { past, targets, known }, layout: { season }, horizon, recursive } = codec
  const others = past.filter((name) => !targets.includes(name))
  const from = (row: number): string => (times ? ` (from ${writtenTime(times[row]!, step)})` : '')
  const reads = [
    ...(others.length > 0 ? [`from its past and that of ${others.join(', ')}`] : []),
    ...(known.length > 0 ? [`with ${known.join(', ')} known in advance`] : []),
  ]
  const far = `${distance(horizon, codec)} ahead, ${recursive ? 'one after the other' : 'each learned as such'}`
  const cycle = season > 1 ? `a season of ${season} rows` : 'no season'
  const rows = `${counted(length)} rows${step ? `, one per ${stepName(step)}` : ''}`
  return [
    `${rows}: ${[`forecasts ${targets.join(', ')}`, ...reads].join(' ')}`,
    `${far}; ${cycle}; calendar: ${codec.calendar.join(', ') || 'none'}`,
    `learns from ${counted(train)} rows, chooses on the ${counted(validation - train)} after them, ` +
      `is measured on the last ${counted(length - validation)}${from(validation)}`,
  ].join('\n')
}
