import { mostFrequent, rangeOf } from './numbers.ts'
import { isMissing, type Column, type Decimal } from './table.ts'

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
interface Hints {
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
  const unit = mostFrequent(read.flatMap((one) => (one ? [one.unit] : [])), '')
  const numbers = read.map((one) => (one?.unit === unit ? one : undefined))
  const notes = [
    ...(open && known === undefined ? [doubt(cells[doubtful], numbers[doubtful], decimal, elsewhere)] : []),
    ...(settled === ',' ? ['read with decimal commas'] : []), ...(unit ? [`${unit} is taken as its unit`] : []),
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

const few = 8 // rows, too few to decide anything

/** Why a column of numbers should perhaps not be learned from: it never changes, or it only names the rows. */
const suspicions = ({ name, values }: Pick<Column, 'name' | 'values'>, cells: readonly unknown[]): string[] => {
  const numbers = values.filter((value) => !Number.isNaN(value))
  if (numbers.length < 2) return []
  if (numbers.every((value) => value === numbers[0])) return [`suspicious: constant, always ${numbers[0]}`]
  const huge = cells.find((cell, row) =>
    Math.abs(values[row]!) > Number.MAX_SAFE_INTEGER && /\d{16}/.test(String(cell)) && !isStandIn(values[row]!))
  if (huge !== undefined)
    return [`suspicious: ${JSON.stringify(huge)} has more digits than a number keeps, like an identifier`]
  const padded = cells.find((cell) => typeof cell === 'string' && /^0\d+$/.test(cell.trim()))
  if (padded !== undefined) return [`suspicious: ${JSON.stringify(padded)} begins with 0, like an identifier`]
  if (numbers.length < few || !numbers.every(Number.isInteger)) return []
  const step = numbers[1]! - numbers[0]!
  if (numbers.every((value, i) => i === 0 || value - numbers[i - 1]! === step))
    return [`suspicious: changes by ${step} from row to row, like a row number`]
  if (new Set(numbers).size < numbers.length) return []
  const [least, most] = rangeOf(numbers)
  const [span, digits] = [most - least, String(most).length]
  const shuffled = span < 1.5 * numbers.length || (digits >= 5 && String(least).length === digits && span > most / 2)
  const named = /(^|[\W_])(id|ids|uuid|nr|no|number|index|key|code)$/i.test(name) || /[a-z]I[dD]$/.test(name)
  return named || (shuffled && !sorted(numbers)) ? ['suspicious: another one in each row, like an identifier'] : []
}

const sorted = (numbers: Float64Array): boolean => numbers.every((value, i) => i === 0 || value >= numbers[i - 1]!)

/** What programs write for a missing number: nines, huge powers of ten, the ends of integers, netCDF's fill value. */
const isStandIn = (value: number): boolean =>
  /^-?9{2,}(\.9+)?$/.test(String(value)) || (Math.abs(value) >= 1e10 && Number.isInteger(Math.log10(Math.abs(value))))
  || [-32_768, 32_767, 65_535, -2_147_483_648, 2_147_483_647].includes(value)
  || Math.abs(value / 9.969209968386869e36 - 1) < 1e-4

/** Which values may stand for missing ones: those that programs write for them, far from all others. */
const standIns = (values: Float64Array): string[] => {
  const numbers = [...values].filter((value) => !Number.isNaN(value))
  const others = numbers.filter((value) => !isStandIn(value))
  if (others.length === 0) return []
  const [least, most] = rangeOf(others)
  const far = (value: number): boolean => Math.max(least - value, value - most) > Math.max(most - least, 1)
  return [...new Set(numbers.filter((value) => isStandIn(value) && far(value)))].map((value) => {
    const count = numbers.filter((one) => one === value).length
    const where = count === 1 ? 'in one row' : `in ${count} rows`
    return `${value} ${where}, far from all others (${least} to ${most}); if it means that a value is missing, `
      + 'leave the cell empty'
  })
}

/** A number as it is written in a cell. */
interface WrittenNumber {
  readonly value: number
  /** What stands before or behind it: `€`, `°C`, `%`. */
  readonly unit: string
  /** Digits behind the decimal sign, less the exponent: how fine it is. */
  readonly decimals: number
}

/** Groups have three digits, or two and at last three as in India. No group follows a leading 0. */
const grouped = (separators: string, india: string): string =>
  `[1-9]\\d{0,2}(?<separator>[${separators}])\\d{3}(?:\\k<separator>\\d{3})*|[1-9]\\d?(?:${india}\\d{2})+${india}\\d{3}`

const pattern = (decimal: string, separators: string, india: string): RegExp => new RegExp(
  '^(?<sign>[+-]?)(?<before>\\p{Sc}?) ?(?<late>[+-]?)(?!0[xXbBoO])'
  + `(?:(?<whole>${grouped(separators, india)}|\\d+)(?:${decimal}(?<fraction>\\d*))?|${decimal}(?<bare>\\d+))`
  + '(?:[eE](?<exponent>[+-]?\\d+))?'
  + ' ?(?<unit>[%‰°µ\\p{L}\\p{Sc}][\\p{L}\\p{Sc}/·²³^%°]{0,11}[23]?)?$', 'u')

const patterns: Readonly<Record<Decimal, RegExp>> = {
  '.': pattern('\\.', ", '’", ','), ',': pattern(',', ". '’", '\\.'),
}
const plain = /^-?\d+(?:\.(?:\d{1,2}|\d{4,}))?$/ // the most frequent, read at once

/**
 * A cell as a number whose fraction follows this sign; nothing if it cannot be read so. White space around it does not
 * matter. Hexadecimal numbers, infinity, and what is larger than float64 holds are no numbers.
 */
export const writtenNumber = (cell: unknown, decimal: Decimal): WrittenNumber | undefined => {
  if (typeof cell === 'number' && Number.isFinite(cell)) return asIs(String(cell))
  if (typeof cell !== 'string') return undefined
  const text = cell.trim().replace(/[\u00A0\u2009\u202F]/g, ' ').replace('\u2212', '-')
  if (decimal === '.' && plain.test(text)) return asIs(text)
  const found = patterns[decimal].exec(text)?.groups
  if (!found) return undefined
  const { sign = '', before = '', late = '', whole = '', bare = '', fraction = bare, exponent = '0', unit = '' } = found
  if ((sign && late) || (before && unit)) return undefined
  const value = Number(`${sign || late}${whole.replace(/\D/g, '') || '0'}.${fraction || '0'}e${exponent}`)
  if (!Number.isFinite(value)) return undefined
  return { value, unit: before || unit, decimals: Math.max(0, fraction.length - Number(exponent)) }
}

const asIs = (text: string): WrittenNumber | undefined => {
  const [mantissa, exponent = '0'] = text.split('e') as [string, string?]
  const decimals = Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
  return Number.isFinite(Number(text)) ? { value: Number(text), unit: '', decimals } : undefined
}
