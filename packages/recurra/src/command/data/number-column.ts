import type { Column } from './column.ts'
import { isMissing } from './missing.ts'
import { standIns, suspicions } from './suspicions.ts'
import { writtenNumber, type Decimal, type WrittenNumber } from './written-number.ts'

/** What the values of a column reveal of how its numbers are written. */
export interface Votes {
  /** How many can be read as numbers, each with the sign that suits the column better. */
  readonly count: number
  /** The sign that separates fractions, where the values leave no doubt. */
  readonly settled: Decimal | undefined
  /** The first that is another number with the other sign, by its place in the table. */
  readonly doubtful: number | undefined
}

/** Lets each value vote: `1,5` and `1,234.5` settle it, `7` fits both, `1,234` is another number with each. */
export const votesIn = (cells: readonly unknown[]): Votes => {
  let [points, commas, onlyPoint, onlyComma] = [0, 0, 0, 0]
  let doubtful: number | undefined
  cells.forEach((cell, row) => {
    if (isMissing(cell)) return
    const [point, comma] = [writtenNumber(cell, '.'), writtenNumber(cell, ',')]
    if (point) points++
    if (comma) commas++
    if (point && !comma) onlyPoint++
    if (comma && !point) onlyComma++
    if (point && comma && point.value !== comma.value) doubtful ??= row
  })
  const settled = onlyPoint === onlyComma ? undefined : onlyPoint > onlyComma ? '.' : ','
  return { count: Math.max(points, commas), settled, doubtful }
}

/** What settles a column that leaves it open. */
export interface Hints {
  /** How the model has learned to read it. */
  readonly known: Decimal | undefined
  /** What the other columns of the file agree on. */
  readonly elsewhere: Decimal | undefined
  /** What separates the cells: where it is a semicolon, the comma separates fractions. */
  readonly delimiter: string | undefined
}

/** The values of a column as numbers. Those with another unit than most are exceptions. */
export const numberColumn = (name: string, cells: readonly unknown[], votes: Votes, hints: Hints): Column => {
  const { settled, doubtful } = votes
  const { known, elsewhere, delimiter } = hints
  const open = settled === undefined && doubtful !== undefined
  const guess: Decimal = delimiter === ';' && open && String(cells[doubtful]).includes(',') ? ',' : '.'
  const decimal = settled ?? known ?? elsewhere ?? guess
  const read = cells.map((cell) => (isMissing(cell) ? undefined : writtenNumber(cell, decimal)))
  const unit = mostFrequent(read.flatMap((one) => (one ? [one.unit] : [])))
  const numbers = read.map((one) => (one?.unit === unit ? one : undefined))
  const notes = [
    ...(open && known === undefined ? [doubt(cells[doubtful], numbers[doubtful], decimal, elsewhere)] : []),
    ...(settled === ',' ? ['read with decimal commas'] : []),
    ...(unit ? [`${unit} is taken as its unit`] : []),
  ]
  const column: Column = {
    name, kind: 'number', format: { decimal },
    values: Float64Array.from(numbers, (one) => one?.value ?? Number.NaN),
    missing: cells.flatMap((cell, row) => (isMissing(cell) ? [row] : [])),
    exceptions: cells.flatMap((cell, row) => (numbers[row] === undefined && !isMissing(cell) ? [row] : [])),
    decimals: numbers.reduce((most, one) => Math.max(most, one?.decimals ?? 0), 0),
    notes,
  }
  return { ...column, notes: [...notes, ...suspicions(column, cells), ...standIns(column.values)] }
}

const doubt = (cell: unknown, number: WrittenNumber | undefined, decimal: Decimal, elsewhere?: Decimal): string =>
  `${JSON.stringify(cell)} is read as ${number?.value}, with ${decimal === '.' ? 'a decimal point' : 'a decimal comma'}`
  + (elsewhere ? ', as in other columns' : '; if that is wrong, write 1234 without a separator, or 1.2 not 1.200')

const mostFrequent = (units: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1)
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0] as [string, number])[0]
}
