import type { Colours } from './colours.ts'

/** One layer as the pictures of a network draw it. */
export interface DrawnLayer {
  readonly label: string
  readonly size: number
  /** The state at each step, [time, units], where the layer has one. */
  readonly state?: { readonly values: Float32Array; readonly rows: number; readonly columns: number }
  /** The norm of the gradient at each step, where the layer has one. */
  readonly gradientNorms?: readonly number[]
}

/** One stack from its input to its output, and what it reads and predicts at each step. */
export interface DrawnStack {
  readonly layers: readonly DrawnLayer[]
  readonly reads: readonly string[]
  readonly predicts: readonly string[]
  /** The targets; a prediction is colored by whether it is one. */
  readonly targets: readonly string[]
}

type Surface = CanvasRenderingContext2D

/** A line with a head at its end. */
export const arrow = (
  surface: Surface,
  [x1, y1]: readonly [x: number, y: number],
  [x2, y2]: readonly [x: number, y: number],
  { colour, width = 1.5 }: { readonly colour: string; readonly width?: number },
): void => {
  const angle = Math.atan2(y2 - y1, x2 - x1)
  const head = 4 + width
  surface.strokeStyle = surface.fillStyle = colour
  surface.lineWidth = width
  surface.beginPath()
  surface.moveTo(x1, y1)
  surface.lineTo(x2 - head * 0.7 * Math.cos(angle), y2 - head * 0.7 * Math.sin(angle))
  surface.stroke()
  surface.beginPath()
  surface.moveTo(x2, y2)
  for (const turn of [0.45, -0.45])
    surface.lineTo(x2 - head * Math.cos(angle + turn), y2 - head * Math.sin(angle + turn))
  surface.fill()
}

/** A word in a box that is as wide as it needs, centered. */
export const word = (
  surface: Surface,
  text: string,
  [x, y]: readonly [x: number, y: number],
  colours: Colours,
  colour: string = colours.ink,
): void => {
  surface.font = '13px ui-monospace, Menlo, Consolas, monospace'
  surface.textAlign = 'center'
  surface.textBaseline = 'middle'
  surface.fillStyle = colour
  surface.fillText(text === '\n' ? '↵' : text === ' ' ? '␣' : text, x, y)
}

/** The number of a state at a step and a unit; 0 where there is none. */
export const valueAt = ({ state }: DrawnLayer, time: number, unit: number): number =>
  state === undefined ? 0 : (state.values[Math.min(time, state.rows - 1) * state.columns + unit] ?? 0)

/** Units of a layer that are drawn, evenly chosen where there are too many. */
export const shownUnits = (size: number, most: number): number[] =>
  Array.from({ length: Math.min(size, most) }, (_, i) => Math.floor((i * size) / Math.min(size, most)))
