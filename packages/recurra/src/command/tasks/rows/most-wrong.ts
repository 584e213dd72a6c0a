import type { Sequential } from '@recurra/layers'
import type { Data } from '@recurra/training'
import { tableSection } from '../../report/html.ts'
import type { InputCodec } from './input.ts'
import { columnsRead, scoresOf, type Example } from './row-data.ts'

/** A row that a model was wrong about. */
export interface WrongRow {
  /** How wrong: larger is worse. */
  readonly by: number
  /** What is told of it: the target, what was predicted, how certain. */
  readonly cells: readonly string[]
}

const [most, length] = [12, 280] // rows, and characters of each

/** What is read of a row, for people. */
const textOf = (input: InputCodec, values: Readonly<Record<string, unknown>>): string => {
  const shown = (name: string): string => [values[name] ?? ''].flat(2).join(' ')
  const named = (name: string): string => (input.kind === 'text' ? shown(name) : `${name} ${shown(name)}`)
  const all = columnsRead(input).map(named).join(', ').replaceAll(/\s+/g, ' ').trim()
  return all.length > length ? `${all.slice(0, length)}…` : all
}

/** The rows that a model was most wrong about, as a piece of HTML; `judge` gives nothing for those that are right. */
export const mostWrong = async <Target>(
  model: Sequential, data: Data & { readonly rows: readonly Example<Target>[] }, input: InputCodec,
  header: readonly string[], judge: (scores: Float64Array, target: Target) => WrongRow | undefined,
): Promise<string> => {
  const wrong: (WrongRow & { readonly row: Example<Target> })[] = []
  for await (const { member, scores } of scoresOf(model, data)) {
    const row = data.rows[member]!
    const judged = judge(scores, row.target)
    if (judged) wrong.push({ ...judged, row })
  }
  return tableSection(
    'Most wrong', ['line', ...header, input.kind === 'text' ? input.column : 'columns'],
    wrong.sort((a, b) => b.by - a.by).slice(0, most)
      .map(({ row: { line, values }, cells }) => [String(line), ...cells, { text: textOf(input, values) }]),
    wrong.length > most ? `The ${most} worst of ${wrong.length}.` : '',
  )
}
