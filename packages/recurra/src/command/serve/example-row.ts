import { Tokenizer } from '@recurra/training'
import { writtenTime } from '../tasks/forecast/time-grid.ts'
import type { ForecastCodec } from '../tasks/forecast/codec.ts'
import type { InputCodec } from '../tasks/rows/input.ts'
import type { WordCodec } from '../tasks/measure-tags.ts'
import type { ServedModel } from './served-model.ts'

const few = 5

const round = (value: number): number => Number(value.toPrecision(4))

/** The most frequent symbols that a model knows. */
const symbolsOf = (kept: Parameters<typeof Tokenizer.from>[0]): string[] => {
  const { vocabulary: { symbols, specials } } = Tokenizer.from(kept)
  return symbols.slice(specials.length, specials.length + few)
}

const ofInput = (input: InputCodec): object => {
  if (input.kind === 'text')
    return { [input.column]: symbolsOf(input.tokenizer).join(input.tokenizer.kind === 'words' ? ' ' : '') }
  const { columns, list } = input
  const mean = input.scaler.mean.map(round)
  if (list) return { [columns[0]!]: [mean, mean] }
  return Object.fromEntries(columns.map((name, i) => [name, mean[i]]))
}

const day = 86_400_000 // milliseconds

const ofSeries = ({ columns: { past, known, date, time }, scaling: { level: { mean } } }: ForecastCodec): object[] =>
  [0, 1, 2].map((row) => ({
    ...(date !== undefined && { [date]: writtenTime(Date.UTC(2026, 0, 1) + row * day, undefined) }),
    ...(time !== undefined && { [time]: '00:00' }),
    ...Object.fromEntries([...past, ...known].map((name, i) => [name, round(mean[i]!)])),
  }))

/** Rows as a run may be asked about: with its columns, and what it knows. Nothing if it does not read rows. */
export const exampleRowOf = ({ run }: ServedModel): object | undefined => {
  if (run?.name === 'classify' || run?.name === 'regress') return ofInput((run.codec as { input: InputCodec }).input)
  if (run?.name === 'tag') return { tokens: symbolsOf((run.codec as WordCodec).tokenizer) }
  return run?.name === 'forecast' ? ofSeries(run.codec as ForecastCodec) : undefined
}
