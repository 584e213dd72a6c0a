/** What separates the whole part of a number from its fraction. */
export type Decimal = '.' | ','

/** A number as it is written in a cell. */
export interface WrittenNumber {
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
  '.': pattern('\\.', ", '’", ','),
  ',': pattern(',', ". '’", '\\.'),
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
