import { escaped } from './page.ts'

/** One axis of a chart: its ends, and where its marks are. */
export interface Axis {
  readonly from: number
  readonly to: number
  readonly marks: readonly number[]
}

const wanted = 5 // marks, about

/** An axis for values from `least` to `most`, with round marks: steps of 1, 2 or 5 times a power of ten. */
export const axisFor = (least: number, most: number): Axis => {
  const span = most - least || Math.abs(most) || 1
  const rough = span / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!
  const [from, to] = [
    Math.floor(least / step) * step,
    Math.max(Math.ceil(most / step) * step, Math.floor(least / step) * step + step),
  ]
  const marks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) =>
    Number((from + i * step).toPrecision(12)),
  )
  return { from, to, marks }
}

/** A curve: y over x. */
export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Drawn as dots joined by a line, for what is measured now and then. */
  readonly dotted?: boolean
}

const [left, top, width, height] = [84, 16, 540, 250]
const mostPoints = 500 // more than a screen shows

const thinned = <T>(points: readonly T[]): readonly T[] => {
  const every = Math.ceil(points.length / mostPoints)
  return points.filter((_, i) => i % every === 0 || i === points.length - 1)
}

/** The largest of a curve, but for the few highest points at its beginning: they would press all others flat. */
const ceilingOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length - 1 - Math.floor(values.length / 50)]!

/** Curves over one another in one picture, as a piece of HTML; nothing where there is nothing to draw. */
export const chart = (title: string, unit: string, curves: readonly Curve[]): string => {
  const drawn = curves
    .map((curve) => ({ ...curve, points: thinned(curve.points.filter(([, y]) => Number.isFinite(y))) }))
    .filter(({ points }) => points.length > 1 || (points.length === 1 && curves.length > 1))
  if (drawn.length === 0) return ''
  const [xs, ys] = [
    drawn.flatMap(({ points }) => points.map(([x]) => x)),
    drawn.flatMap(({ points }) => points.map(([, y]) => y)),
  ]
  const [x, y] = [
    axisFor(0, Math.max(...xs)),
    axisFor(Math.min(...ys), Math.max(...drawn.map(({ points }) => ceilingOf(points.map(([, value]) => value))))),
  ]
  const px = (value: number): string => (left + width * share(x, value)).toFixed(1)
  const py = (value: number): string => (top + height * (1 - share(y, value))).toFixed(1)
  const keys = drawn.map(({ name }, i) => `<span class="key of${i}">${escaped(name)}</span>`).join(' ')
  const spoken = escaped(`${title}: ${drawn.map(describe).join('; ')}`)
  const levels = y.marks.map((mark) =>
    `<path class="grid" d="M${left} ${py(mark)}h${width}"/>`
      + `<text class="y" x="${left - 8}" y="${py(mark)}">${number(mark)}</text>`)
  const lines = drawn.map(({ points, dotted }, i) => {
    const line = points.map(([a, b]) => `${px(a)} ${py(b)}`).join('L')
    const dots = points.map(([a, b]) => `<circle class="of${i}" cx="${px(a)}" cy="${py(b)}" r="3.5"/>`).join('')
    return `<path class="curve of${i}" d="M${line}"/>${dotted ? dots : ''}`
  })
  return `<figure>
<figcaption>${escaped(title)} <span class="note">over ${escaped(unit)}</span> ${keys}</figcaption>
<svg viewBox="0 0 ${left + width + 36} ${top + height + 48}" role="img" aria-label="${spoken}">
${levels.join('\n')}
${x.marks.map((mark) => `<text class="x" x="${px(mark)}" y="${top + height + 30}">${number(mark)}</text>`).join('\n')}
${lines.join('\n')}
</svg>
</figure>`
}

const share = ({ from, to }: Axis, value: number): number => Math.min(1, Math.max(0, (value - from) / (to - from)))

const number = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential()
    : value.toLocaleString('en', { maximumSignificantDigits: 6 })

/** For those who cannot see it. */
const describe = ({ name, points }: Curve): string =>
  `${name} from ${points[0]![1].toPrecision(3)} to ${points.at(-1)![1].toPrecision(3)}`
