import { sequence, type Sequential } from '@recurra/layers'
import { ConfigurationError, ValueError } from '@recurra/tensor'
import { columnsOf } from '../../data/columns.ts'
import { readTable, type TableSource } from '../../data/read-table.ts'
import type { Settings } from '../../training/settings.ts'
import type { Measurable, PredictedItem, Task, TaskPredictOptions } from '../task.ts'
import { backtest, type Span } from './backtest.ts'
import { chooseColumns, forecastFlags, forecastOptions } from './choices.ts'
import { fitCodec, frameOf, parseForecastCodec, timesThrough, type ForecastCodec } from './codec.ts'
import { middleOf } from './forecaster.ts'
import { firstOrigin, networkInputs, type Frame } from './frame.ts'
import { aboutSeries, figuresOf, measuresInWords, verdictOn } from './in-words.ts'
import { correctedOutlooks } from './learn-from-errors.ts'
import { picturesOf } from './pictures.ts'
import { exampleSeries, readSeries, type Series } from './read-series.ts'
import { writtenTime } from './time-grid.ts'
import { examplesIn, maskedQuantileLoss, windowsOf, type Rows } from './windows.ts'

/** Rows to measure on, within their series. */
interface HeldOut extends Measurable {
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
  suits: (table) => (columnsOf(table).some(({ kind }) => kind === 'number') ? 0.4 : 0),
  // A series has few rows, and linear forecasts do most of the work.
  defaults: { layers: 1, hidden: 16, learningRate: 1 / 3 },
  loss: ({ quantiles }) => maskedQuantileLoss(quantiles),

  dataset(file, args, settings) {
    const options = forecastOptions(args, settings)
    const table = readTable(file, settings.encoding)
    const chosen = chooseColumns(table, args)
    const series = readSeries(table, chosen, settings.missing)
    const { length } = series
    const tested = options.origins ?? Math.max(2, Math.round(length * settings.holdOut))
    const chosenOn = Math.max(2, Math.round((length - tested) * settings.holdOut)) + options.horizon - 1
    const parts = { train: length - tested - chosenOn, validation: length - tested }
    const least = Math.max(6, 2 * options.horizon)
    if (parts.train < least)
      throw new ValueError({
        where: file, expected: `at least ${tested + chosenOn + least} rows, to learn from and to measure on`,
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
      Math.ceil(window / 2), Math.max(1, Math.ceil((train.count - window) / (updates * settings.batch))),
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
      about: aboutSeries(codec, series, parts),
      leftOut: chosen.leftOut,
      notes: [...chosen.notes.map((text) => ({ text, figures: {} })), ...series.notes],
    }
  },

  endpoint: { path: '/forecast', example: exampleSeries },
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
      verdict: [...verdicts].sort((a, b) => Number(a.beatsBaselines) - Number(b.beatsBaselines))
        .map(({ text }) => text).join('\n'),
      text: all.map((measures) => measuresInWords(measures, codec)).join('\n\n'),
      pictures: () => all.flatMap((measures) => picturesOf(measures, codec, series.times)),
    }
  },

  dataOf(file, codec, { missing, encoding }) {
    const series = readSeries(readTable(file, encoding), codec.columns, missing, codec.formats)
    if (series.length < 2)
      throw new ValueError({
        where: file, expected: 'at least two rows', got: String(series.length), fix: 'Use a longer series.',
      })
    const frame = frameOf(series, codec.calendar, codec.horizon)
    return { series, frame, span: { from: 0, to: series.length }, notes: series.notes }
  },

  predict: predictSeries,
}

/** Says how a series continues after its last row: a line for each row to come, with the interval of each number. */
async function* predictSeries(
  model: Sequential, file: TableSource, codec: ForecastCodec, { missing, encoding }: Settings,
  { length, note }: TaskPredictOptions,
): AsyncGenerator<PredictedItem> {
  const { columns: { past, targets, date }, layout, decimals, horizon, recursive, quantiles } = codec
  const ahead = length ?? (horizon > 1 ? horizon : 10)
  if (!recursive && ahead > horizon)
    throw new ConfigurationError({
      where: '--length', expected: `at most ${horizon} rows, the --horizon of the training`, got: String(ahead),
      fix: 'Train with a longer --horizon, or with --strategy recursive.',
    })
  const table = readTable(file, encoding)
  const series = readSeries(table, codec.columns, missing, codec.formats)
  series.notes.forEach(note)
  expectKnown(table.file, series, codec, ahead)
  const [frame, times] = [frameOf(series, codec.calendar, ahead), timesThrough(series, ahead)]
  const last = series.length - 1
  const outlook = correctedOutlooks(model, codec, frame, [last], ahead)(last)
  const bounds = [quantiles[0]!, quantiles.at(-1)!].map((q) => `${Number((100 * q).toFixed(4))}%`)
  const header = [
    times && date !== undefined ? date : 'ahead',
    ...targets.flatMap((name) => [name, ...bounds.map((bound) => `${name} ${bound}`)]),
  ]
  yield { line: header.map(cell).join(','), value: { columns: header }, header: true }
  for (let h = 0; h < ahead; h++) {
    const time = times && writtenTime(times[last + 1 + h]!, series.step)
    const numbers = targets.map((name) => {
      const own = outlook[layout.targets.indexOf(past.indexOf(name))]![h]!
      return { name, digits: decimals[past.indexOf(name)]!, point: middleOf(own), low: own[0]!, high: own.at(-1)! }
    })
    yield {
      line: [
        time ?? String(h + 1),
        ...numbers.flatMap(({ digits, point, low, high }) => [point, low, high].map((value) => written(value, digits))),
      ].join(','),
      value: {
        ahead: h + 1,
        ...(time !== undefined && { date: time }),
        ...Object.fromEntries(numbers.map(({ name, point }) => [name, point])),
        intervals: Object.fromEntries(numbers.map(({ name, low, high }) => [name, [low, high]])),
      },
    }
  }
}

/** A number with as many digits as its column has. */
const written = (value: number, digits: number): string =>
  value.toFixed(Math.min(100, digits)).replace(/^-(0(\.0*)?)$/, '$1')

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Throws unless the file says of the rows to come what is known in advance. */
const expectKnown = (file: string, { known, length }: Series, { columns }: ForecastCodec, ahead: number): void => {
  const future = [columns.date, columns.time, ...columns.known].filter(Boolean).join(', ')
  known.forEach((values, i) => {
    const rows = values.subarray(length, length + ahead).filter((value) => !Number.isNaN(value)).length
    if (rows < ahead)
      throw new ValueError({
        where: `${file}, ${columns.known[i]!}`,
        expected: `what is known in advance, in ${ahead} rows after the last with ${columns.targets.join(', ')}`,
        got: `${rows} such rows`,
        fix: `Append rows of the future with ${future} and nothing else, or ask for fewer with --length.`,
      })
  })
}
