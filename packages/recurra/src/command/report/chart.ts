import { rangeOf } from '../data/numbers.ts'
import { escaped } from './html.ts'

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

/** The marks of such an axis. */
export const roundMarks = (least: number, most: number): readonly (readonly [at: number, label: string])[] =>
  axisFor(least, most).marks.map((at) => [at, numberLabel(at)])

type Point = readonly [x: number, y: number]
type Interval = readonly [x: number, low: number, high: number]

/** A curve: y over x. */
interface Curve {
  readonly name: string
  readonly points: readonly Point[]
  /** Default: a line. Dots joined by a line are for what is measured now and then. */
  readonly as?: 'dots and line' | 'dots'
}

/** What a chart shows. */
export interface Chart {
  readonly title: string
  /** What the axes are, with their units. */
  readonly x: string
  readonly y: string
  readonly curves: readonly Curve[]
  /** An area between two values for each x. */
  readonly band?: { readonly name: string; readonly points: readonly Interval[] }
  /** The marks of x, the first and last at its ends. Default: round numbers from 0. */
  readonly marks?: readonly (readonly [at: number, label: string])[]
  /** A second line below the mark of an x. */
  readonly below?: (x: number) => string
  /** Whether the few highest values may be cut off, which is said: they would press all others flat. */
  readonly cut?: boolean
}

const size = 1000 // of the picture on both sides; the page stretches it
const mostPoints = 500 // more than a screen shows

const thinned = <T>(points: readonly T[]): readonly T[] => {
  const every = Math.ceil(points.length / mostPoints)
  return points.filter((_, i) => i % every === 0 || i === points.length - 1)
}

const ceilingOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length - 1 - Math.floor(values.length / 50)]!

/**
 * Curves over one another in one picture, as a piece of HTML; nothing where there is nothing to draw. A value that is
 * not finite is a gap. Labels are HTML beside the picture, so that they are as large on a phone.
 */
export const chart = ({ title, x: xTitle, y: yTitle, curves, band, marks, below, cut = false }: Chart): string => {
  const drawn = curves.map((curve) => ({ ...curve, points: thinned(curve.points) }))
    .filter(({ points }) => points.some(isDrawn))
  const finite = drawn.map(({ points }) => points.filter(isDrawn).map(([, value]) => value))
  const values = [...finite.flat(), ...(band?.points ?? []).flatMap(([, low, high]) => [low, high])]
    .filter(Number.isFinite)
  if (finite.flat().length < 2) return ''
  const [least, highest] = rangeOf(values)
  const y = axisFor(least, cut ? Math.max(...finite.map(ceilingOf)) : highest)
  const labels = marks ?? roundMarks(0, Math.max(...drawn.flatMap(({ points }) => points.map(([at]) => at))))
  const x = { from: labels[0]![0], to: labels.at(-1)![0] }
  const place = (at: number, value: number): string =>
    `${(size * share(x, at)).toFixed(1)} ${(size * (1 - share(y, value))).toFixed(1)}`
  const over = values.filter((value) => value > y.to).length
  const note = over > 0 ? ` <span class="note">${over} higher, up to ${highest.toPrecision(3)}, cut off</span>` : ''
  const keys = drawn.map(({ name }, i) => `<span class="key of${i}">${escaped(name)}</span>`)
  if (band) keys.push(`<span class="key area">${escaped(band.name)}</span>`)
  const [left, right] = [
    Math.max(...y.marks.map((mark) => numberLabel(mark).length)) + 1, labels.at(-1)![1].length / 2 + 0.5,
  ]
  return `<figure>
<figcaption>${escaped(title)} ${keys.join(' ')}${note}</figcaption>
<div class="plot" style="--left:${left}ch;--right:${right}ch">
<p class="title" aria-hidden="true">${escaped(yTitle)}</p>
<div class="area">
<svg viewBox="0 0 ${size} ${size}" preserveAspectRatio="none" role="img">
<title>${escaped(`${title}: ${yTitle} over ${xTitle}`)}</title>
<desc>${escaped(drawn.map(described).join('; '))}</desc>
${[
  ...y.marks.map((mark) => `<path class="grid" d="M${place(x.from, mark)}H${size}"/>`),
  ...labels.map(([at]) => `<path class="grid" d="M${place(at, y.from)}V0"/>`),
  ...(band ? [`<path class="band" d="${areaOf(thinned(band.points), place)}"/>`] : []),
  ...drawn.flatMap(({ name, points, as }, i) => [
    ...(as === 'dots' ? [] : [`<path class="curve of${i}" d="${lineOf(points, place)}"/>`]),
    ...(as === undefined ? [] : points.filter(isDrawn).map(([at, value]) =>
      `<path class="dot of${i}" d="M${place(at, value)}h0"><title>${
        escaped(`${name}: ${Number(value.toPrecision(4))} at ${numberLabel(Number(at.toPrecision(4)))}`)
      }</title></path>`)),
  ]),
].join('\n')}
</svg>
${y.marks.map((mark) =>
  `<span class="y" style="top:${percent(1 - share(y, mark))}">${numberLabel(mark)}</span>`).join('\n')}
${labels.map(([at, label], i) => {
  const inner = i > 0 && i < labels.length - 1 && label.length > 7 ? ' inner' : ''
  const second = below ? `<br><small>${escaped(below(at))}</small>` : ''
  return `<span class="x${inner}" style="left:${percent(share(x, at))}">${escaped(label)}${second}</span>`
}).join('\n')}
</div>
<p class="title of-x" aria-hidden="true">${escaped(xTitle)}</p>
</div>
</figure>`
}

type Place = (x: number, y: number) => string

const isDrawn = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y)

/** A line through points, which ends where one is missing and begins again after it. */
const lineOf = (points: readonly Point[], place: Place): string =>
  points.map((point, i) => {
    if (!isDrawn(point)) return ''
    const [begins, ends] = [i === 0 || !isDrawn(points[i - 1]!), !points[i + 1] || !isDrawn(points[i + 1]!)]
    return `${begins ? 'M' : 'L'}${place(...point)}${begins && ends ? 'h0' : ''}`
  }).join('')

const areaOf = (points: readonly Interval[], place: Place): string => {
  const whole = points.filter((point) => point.every(Number.isFinite))
  const edge = [...whole.map(([x, , high]) => place(x, high)), ...whole.map(([x, low]) => place(x, low)).reverse()]
  return edge.length > 0 ? `M${edge.join('L')}Z` : ''
}

const share = ({ from, to }: Pick<Axis, 'from' | 'to'>, value: number): number =>
  to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)))

const percent = (value: number): string => `${(100 * value).toFixed(2)}%`

const numberLabel = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential()
    : value.toLocaleString('en', { maximumSignificantDigits: 8 })

/** For those who cannot see it. */
const described = ({ name, points }: Curve): string => {
  const values = points.filter(isDrawn).map(([, value]) => value)
  const [first, last] = [values[0]!, values.at(-1)!].map((value) => value.toPrecision(3))
  const [least, highest] = rangeOf(values).map((value) => value.toPrecision(3))
  return `${name} from ${first} to ${last}, least ${least}, highest ${highest}`
}
