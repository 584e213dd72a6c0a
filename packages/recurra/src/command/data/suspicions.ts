import type { Column } from './column.ts'

const few = 8 // rows, from which nothing can be told

/** Why a column of numbers should perhaps not be learned from: it never changes, or it only names the rows. */
export const suspicions = ({ name, values }: Pick<Column, 'name' | 'values'>, cells: readonly unknown[]): string[] => {
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
  const [least, most] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]
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
export const standIns = (values: Float64Array): string[] => {
  const numbers = [...values].filter((value) => !Number.isNaN(value))
  const others = numbers.filter((value) => !isStandIn(value))
  if (others.length === 0) return []
  const [least, most] = [others.reduce((a, b) => Math.min(a, b)), others.reduce((a, b) => Math.max(a, b))]
  const far = (value: number): boolean => Math.max(least - value, value - most) > Math.max(most - least, 1)
  return [...new Set(numbers.filter((value) => isStandIn(value) && far(value)))].map((value) => {
    const count = numbers.filter((one) => one === value).length
    const where = count === 1 ? 'in one row' : `in ${count} rows`
    return `${value} ${where}, far from all others (${least} to ${most}); if it means that a value is missing, `
      + 'leave the cell empty'
  })
}
