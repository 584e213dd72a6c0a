/**
 * Rows of cells under a header, in columns as wide as they need; numbers to the right.
 *
 * ```ts
 * import { table } from 'recurra/terminal'
 *
 * console.log(table(['layer', 'numbers'], [['lstm', 5248], ['dense', 66]]))
 * // layer  numbers
 * // lstm      5248
 * // dense       66
 * ```
 */
export const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const lines = [header, ...rows].map((cells) => cells.map(String))
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => [...cells[column]!].length)))
  const numeric = header.map((_, column) =>
    rows.every((cells) => typeof cells[column] === 'number' || /^[-+]?[\d.,]+( ?%)?$/.test(String(cells[column]))),
  )
  const pad = (cell: string, column: number): string =>
    numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
  return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}
