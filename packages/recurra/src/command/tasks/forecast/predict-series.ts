import { ConfigurationError, ValueError } from '@recurra/tensor'
import { readTable } from '../../data/read-table.ts'
import type { Task } from '../task.ts'
import type { ForecastCodec } from './codec.ts'
import { middleOf, outlooksFrom } from './forecaster.ts'
import { frameOf, timesThrough } from './frame-of.ts'
import { spreadByErrors, withHistory } from './intervals.ts'
import { learnFromErrors } from './learn-from-errors.ts'
import { readSeries, type Series } from './read-series.ts'
import { writtenTime } from './time-grid.ts'

/** Says how a series continues after its last row: a line for each row to come, with the interval of each number. */
export const predictSeries: NonNullable<Task<ForecastCodec>['predict']> = async function* (
  model,
  file,
  codec,
  { missing, encoding },
  { length, note },
) {
  const { columns: { past, targets, date }, layout, decimals, horizon, recursive, quantiles } = codec
  const ahead = length ?? (horizon > 1 ? horizon : 10)
  if (!recursive && ahead > horizon)
    throw new ConfigurationError({
      where: '--length',
      expected: `at most ${horizon} rows, the --horizon of the training`,
      got: String(ahead),
      fix: 'Train with a longer --horizon, or with --strategy recursive.',
    })
  const columns = { ...codec.columns, leftOut: [], notes: [] }
  const series = readSeries(readTable(file, encoding), columns, missing, codec.formats)
  series.notes.forEach(note)
  expectKnown(file, series, codec, ahead)
  const [frame, times] = [frameOf(series, codec.calendar, ahead), timesThrough(series, ahead)]
  const origins = withHistory([series.length - 1], codec, ahead)
  const raw = outlooksFrom(model, codec, frame, origins, ahead)
  const spread = recursive ? spreadByErrors(raw, origins, codec, frame) : raw
  const outlook = learnFromErrors(spread, origins, codec, frame).at(-1)!
  const [low, high] = [quantiles[0]!, quantiles.at(-1)!].map((q) => `${Number((100 * q).toFixed(4))}%`) as [
    string,
    string,
  ]
  const header = [
    times && date !== undefined ? date : 'ahead',
    ...targets.flatMap((name) => [name, `${name} ${low}`, `${name} ${high}`]),
  ]
  yield { line: header.map(cell).join(','), value: { columns: header } }
  for (let h = 0; h < ahead; h++) {
    const time = times && writtenTime(times[series.length + h]!, series.step)
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
