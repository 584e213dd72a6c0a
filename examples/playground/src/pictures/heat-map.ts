import type { Draw } from '../elements/drawing.ts'
import type { Grid } from '../worker/look.ts'

/** Options of `heatMap`. */
export interface HeatMapOptions {
  /** What becomes as strong as can be. */
  readonly most?: number
  /** A row that is marked. */
  readonly marked?: number
}

/** The same numbers with rows and columns exchanged. */
export const transposed = ({ values, rows, columns }: Grid): Grid => {
  const to = new Float32Array(values.length)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to[c * rows + r] = values[r * columns + c]!
  return { values: to, rows: columns, columns: rows }
}

/** A column of a grid as a grid of one column. */
export const columnOf = ({ values, rows, columns }: Grid, column: number): Grid => ({
  values: Float32Array.from({ length: rows }, (_, r) => values[r * columns + column]!),
  rows,
  columns: 1,
})

/** Grids side by side. */
export const beside = (grids: readonly Grid[]): Grid => {
  const [rows, columns] = [grids[0]?.rows ?? 0, grids.reduce((sum, grid) => sum + grid.columns, 0)]
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    let c = i % columns
    for (const grid of grids) {
      if (c < grid.columns) return grid.values[Math.floor(i / columns) * grid.columns + c]!
      c -= grid.columns
    }
    return 0
  })
  return { values, rows, columns }
}

/** Each number as a field: warm above 0, cold below, stronger the further away. */
export const heatMap =
  ({ values, rows, columns }: Grid, { most = 1, marked }: HeatMapOptions = {}): Draw =>
  (surface, width, height, { cold, warm, ink }) => {
    const h = height / rows
    // whole fields leave no seams
    const [x, y] = [(c: number): number => Math.round((c * width) / columns), (r: number): number => Math.round(r * h)]
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const value = values[r * columns + c]!
        surface.globalAlpha = Math.min(1, Math.abs(value) / most)
        surface.fillStyle = value < 0 ? cold : warm
        surface.fillRect(x(c), y(r), x(c + 1) - x(c), y(r + 1) - y(r))
      }
    surface.globalAlpha = 1
    if (marked === undefined) return
    surface.strokeStyle = ink
    surface.lineWidth = 1.5
    surface.strokeRect(0.75, marked * h + 0.25, width - 1.5, Math.max(h, 2) - 0.5)
  }

/** Each number from 0 to 1 as a field of white on black, as the digits of MNIST are. */
export const shades =
  ({ values, rows, columns }: Grid): Draw =>
  (surface, width, height) => {
    surface.fillStyle = '#000'
    surface.fillRect(0, 0, width, height)
    const [x, y] = [(c: number): number => Math.round((c * width) / columns),
      (r: number): number => Math.round((r * height) / rows)]
    surface.fillStyle = '#fff'
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        surface.globalAlpha = Math.min(1, Math.max(0, values[r * columns + c]!))
        surface.fillRect(x(c), y(r), x(c + 1) - x(c), y(r + 1) - y(r))
      }
    surface.globalAlpha = 1
  }
