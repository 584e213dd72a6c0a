import { rangeOf } from '../data/numbers.ts'
import { writtenTime, type Step } from '../tasks/forecast/time-grid.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text that no reader of HTML takes for markup. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one]!)

/** One axis of a chart: its ends, and where its marks are. */
interface Axis {
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
interface Curve {
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
    drawn.flatMap(({ points }) => points.map(([x]) => x)), drawn.flatMap(({ points }) => points.map(([, y]) => y)),
  ]
  const [x, y] = [
    axisFor(0, Math.max(...xs)),
    axisFor(Math.min(...ys), Math.max(...drawn.map(({ points }) => ceilingOf(points.map(([, value]) => value))))),
  ]
  const { px, py } = placesOn(x, y)
  const keys = drawn.map(({ name }, i) => `<span class="key of${i}">${escaped(name)}</span>`).join(' ')
  const lines = drawn.map(({ points, dotted }, i) => {
    const line = points.map(([a, b]) => `${px(a)} ${py(b)}`).join('L')
    const dots = points.map(([a, b]) => `<circle class="of${i}" cx="${px(a)}" cy="${py(b)}" r="3.5"/>`).join('')
    return `<path class="curve of${i}" d="M${line}"/>${dotted ? dots : ''}`
  })
  return figure(
    `${escaped(title)} <span class="note">over ${escaped(unit)}</span> ${keys}`,
    `${title}: ${drawn.map(describe).join('; ')}`, x, y, x.marks.map((mark) => [mark, number(mark)]), lines,
  )
}

/** Where values stand in a picture. */
const placesOn = (x: Pick<Axis, 'from' | 'to'>, y: Axis) => ({
  px: (value: number): string => (left + width * share(x, value)).toFixed(1),
  py: (value: number): string => (top + height * (1 - share(y, value))).toFixed(1),
})

/** A picture with its axes. */
const figure = (
  caption: string, spoken: string, x: Pick<Axis, 'from' | 'to'>, y: Axis,
  labels: readonly (readonly [at: number, label: string])[], drawn: readonly string[],
): string => {
  const { px, py } = placesOn(x, y)
  const levels = y.marks.map((mark) =>
    `<path class="grid" d="M${left} ${py(mark)}h${width}"/>`
      + `<text class="y" x="${left - 8}" y="${py(mark)}">${number(mark)}</text>`)
  return `<figure>
<figcaption>${caption}</figcaption>
<svg viewBox="0 0 ${left + width + 36} ${top + height + 48}" role="img" aria-label="${escaped(spoken)}">
${levels.join('\n')}
${labels.map(([at, label]) => `<text class="x" x="${px(at)}" y="${top + height + 30}">${label}</text>`).join('\n')}
${drawn.join('\n')}
</svg>
</figure>`
}

const share = ({ from, to }: Pick<Axis, 'from' | 'to'>, value: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)))

const number = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential()
    : value.toLocaleString('en', { maximumSignificantDigits: 8 })

/** For those who cannot see it. */
const describe = ({ name, points }: Curve): string =>
  `${name} from ${points[0]![1].toPrecision(3)} to ${points.at(-1)![1].toPrecision(3)}`

/** What came and what was forecast. */
interface ForecastChart {
  readonly points: readonly {
    readonly x: number
    readonly came: number
    readonly predicted: number
    readonly low: number
    readonly high: number
  }[]
  /** Whether x is a time in milliseconds, else the number of a row. */
  readonly dated: boolean
  readonly step: Step | undefined
}

/** A series beside its forecasts with their interval, as a piece of HTML; nothing where there is nothing to draw. */
export const forecastChart = (title: string, { points, dated, step }: ForecastChart): string => {
  if (points.length < 2) return ''
  const y = axisFor(...rangeOf(points.flatMap(({ came, low, high, predicted }) => [came, low, high, predicted])))
  const x = { from: points[0]!.x, to: points.at(-1)!.x }
  const { px, py } = placesOn(x, y)
  const places = (read: (point: (typeof points)[number]) => number): string[] =>
    points.map((point) => `${px(point.x)} ${py(read(point))}`)
  const band = [...places(({ high }) => high), ...places(({ low }) => low).reverse()]
  const marks = [0, 1, 2, 3].map((i) => points[Math.round((i * (points.length - 1)) / 3)]!.x)
  const label = (x: number): string => (dated ? writtenTime(x, step) : String(x))
  const span = `${points.length} rows from ${label(x.from)} to ${label(x.to)}`
  const keys = '<span class="key of0">what came</span> <span class="key of1">forecast and interval</span>'
  return figure(
    `${escaped(title)} ${keys}`, `${title}: ${span}, what came and what was forecast`, x, y,
    [...new Set(marks)].map((mark) => [mark, label(mark)]),
    [
      `<path class="band" d="M${band.join('L')}Z"/>`,
      `<path class="curve of0" d="M${places(({ came }) => came).join('L')}"/>`,
      `<path class="curve of1" d="M${places(({ predicted }) => predicted).join('L')}"/>`,
    ],
  )
}
