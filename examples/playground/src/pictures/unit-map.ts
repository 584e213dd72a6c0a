import type { Draw } from '../elements/drawing.ts'
import type { Span } from '../state/state.ts'
import type { Grid } from '../worker/look.ts'

/** What is marked in a map of units. */
export interface UnitMapOptions {
  /** What was read at each step; it stands above its column. */
  readonly columns: readonly string[]
  readonly unit: number
  readonly time: number
  readonly selected?: Span
}

/** The height of the letters above the map. */
export const lettersHeight = 24

/** The step and the unit at a place of the map, both within it. */
export const placeIn = (
  { rows, columns }: Grid,
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): { readonly time: number; readonly unit: number } => {
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(value)))
  return {
    time: within((rows * x) / width, rows),
    unit: within((columns * (y - lettersHeight)) / (height - lettersHeight), columns),
  }
}

/**
 * The state of a layer, [time, units]: time to the right, a row for each unit, and above each step what was read,
 * colored by the unit that is followed. Warm is above 0, cold below.
 */
export const unitMap =
  ({ values, rows: steps, columns: units }: Grid, { columns: read, unit, time, selected }: UnitMapOptions): Draw =>
  (surface, width, height, { cold, warm, ink, accent, muted }) => {
    const x = (t: number): number => Math.round((t * width) / steps)
    const y = (u: number): number => lettersHeight + Math.round((u * (height - lettersHeight)) / units)
    const field = (value: number, left: number, top: number, right: number, bottom: number, strength = 1): void => {
      surface.globalAlpha = strength * Math.min(1, Math.abs(value))
      surface.fillStyle = value < 0 ? cold : warm
      surface.fillRect(left, top, right - left, bottom - top)
    }
    for (let t = 0; t < steps; t++) {
      field(values[t * units + unit]!, x(t), 0, x(t + 1), lettersHeight - 2, 0.45)
      for (let u = 0; u < units; u++) field(values[t * units + u]!, x(t), y(u), x(t + 1), y(u + 1))
    }
    surface.globalAlpha = 1
    surface.fillStyle = ink
    surface.font = '13px ui-monospace, Menlo, Consolas, monospace'
    surface.textAlign = 'center'
    surface.textBaseline = 'middle'
    read.forEach((letter, t) => {
      const shown = letter === '\n' ? '↵' : letter === ' ' ? '␣' : letter
      surface.fillStyle = letter === ' ' || letter === '\n' ? muted : ink
      surface.fillText(shown, (x(t) + x(t + 1)) / 2, lettersHeight / 2, 2 * (x(1) - x(0)))
    })
    surface.strokeStyle = ink
    surface.lineWidth = 1.5
    surface.strokeRect(0.75, y(unit) + 0.25, width - 1.5, Math.max(y(unit + 1) - y(unit), 2) - 0.5)
    surface.globalAlpha = 0.6
    surface.strokeRect(x(time) + 0.5, 0.75, Math.max(x(time + 1) - x(time) - 1, 2), height - 1.5)
    surface.globalAlpha = 1
    if (!selected) return
    surface.strokeStyle = accent
    surface.lineWidth = 3
    surface.strokeRect(x(selected.from) + 1.5, 1.5, x(selected.to + 1) - x(selected.from) - 3, height - 3)
  }
