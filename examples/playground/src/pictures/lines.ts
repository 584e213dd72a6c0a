import type { Draw } from '../elements/drawing.ts'

/** A line, in color or broken. */
export interface Line {
  readonly values: readonly number[]
  readonly colour: 'accent' | 'muted' | 'warm' | 'cold'
  readonly broken?: boolean
}

/** What the picture of lines spans from bottom to top, with a mark for each place that is named. */
export interface Span {
  readonly least: number
  readonly most: number
  readonly marks: readonly (readonly [at: number, label: string])[]
}

const [left, bottom, top] = [40, 6, 8]

/** Lines over the same steps, from left to right. */
export const lines =
  (all: readonly Line[], { least, most, marks }: Span): Draw =>
  (surface, width, height, colours) => {
    const y = (value: number): number =>
      top + (height - top - bottom) * (1 - (Math.min(most, Math.max(least, value)) - least) / (most - least))
    surface.font = '12px system-ui, sans-serif'
    surface.textBaseline = 'middle'
    surface.textAlign = 'right'
    for (const [at, label] of marks) {
      surface.fillStyle = colours.muted
      surface.fillText(label, left - 8, y(at))
      surface.fillStyle = colours.line
      surface.fillRect(left, y(at), width - left, 1)
    }
    for (const { values, colour, broken } of all) {
      const x = (t: number): number => left + ((width - left - 4) * t) / Math.max(1, values.length - 1)
      surface.beginPath()
      values.forEach((value, t) => (t === 0 ? surface.moveTo(x(t), y(value)) : surface.lineTo(x(t), y(value))))
      surface.setLineDash(broken ? [4, 4] : [])
      surface.strokeStyle = colours[colour]
      surface.lineWidth = 2
      surface.stroke()
    }
    surface.setLineDash([])
  }

/** Powers of ten from the smallest to the largest of some lengths: at least four of them, at most twelve. */
export const decades = (lengths: readonly number[]): Span => {
  const exponents = lengths.filter((length) => length > 0).map(Math.log10)
  const most = Math.ceil(Math.max(0, ...exponents))
  const least = Math.max(most - 12, Math.min(most - 4, Math.floor(Math.min(...exponents, 0))))
  const middle = Math.round((least + most) / 2)
  const marks = [most, middle, least].map((exponent) => [exponent, exponent === 0 ? '1' : `1e${exponent}`] as const)
  return { least, most, marks }
}
