import { grey, inColour, shade } from './shades.ts'

/** How a heat map is drawn. */
export interface HeatMapOptions {
  /** What stands left of each row. */
  readonly rows?: readonly string[]
  /** What stands above each column; the first two characters are shown. */
  readonly columns?: readonly string[]
  /** What is white. Default: the largest value. */
  readonly most?: number
  /** In greys, or in plain characters. Default: what the terminal supports. */
  readonly colour?: boolean
}

/** A matrix of numbers from 0 up as squares: the larger, the brighter. */
export const heatMap = (
  values: readonly ArrayLike<number>[],
  { rows = [], columns = [], most, colour = inColour() }: HeatMapOptions = {},
): string => {
  const top = most ?? (values.reduce((a, row) => Math.max(a, ...Array.from(row)), 0) || 1)
  const margin = rows.reduce((widest, row) => Math.max(widest, row.length + 1), 0)
  const square = (value: number): string =>
    colour ? `\u001B[48;5;${grey(value / top)}m  ` : shade(value / top).repeat(2)
  const lines = values.map(
    (row, i) => (rows[i] ?? '').padEnd(margin) + Array.from(row, square).join('') + (colour ? '\u001B[0m' : ''),
  )
  const header =
    columns.length > 0 ? [' '.repeat(margin) + columns.map((column) => column.slice(0, 2).padEnd(2)).join('')] : []
  return [...header, ...lines].map((line) => (colour ? line : line.trimEnd())).join('\n')
}
