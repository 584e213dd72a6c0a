import { writtenTime, type Step } from '../tasks/forecast/time-grid.ts'
import { axisFor } from './chart.ts'
import { escaped } from './page.ts'

/** What came and what was forecast. */
export interface ForecastChart {
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

const [left, top, width, height] = [84, 16, 540, 250]

/** A series beside its forecasts with their interval, as a piece of HTML; nothing where there is nothing to draw. */
export const forecastChart = (title: string, { points, dated, step }: ForecastChart): string => {
  if (points.length < 2) return ''
  const values = points.flatMap(({ came, low, high, predicted }) => [came, low, high, predicted])
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const y = axisFor(least, most)
  const [from, to] = [points[0]!.x, points.at(-1)!.x]
  const px = (x: number): string => (left + (width * (x - from)) / (to - from)).toFixed(1)
  const py = (value: number): string => (top + height * (1 - (value - y.from) / (y.to - y.from))).toFixed(1)
  const line = (read: (point: (typeof points)[number]) => number): string =>
    `M${points.map((point) => `${px(point.x)} ${py(read(point))}`).join('L')}`
  const band = `M${points.map(({ x, high }) => `${px(x)} ${py(high)}`).join('L')}L${[...points]
    .reverse()
    .map(({ x, low }) => `${px(x)} ${py(low)}`)
    .join('L')}Z`
  const marks = [0, 1, 2, 3].map((i) => points[Math.round((i * (points.length - 1)) / 3)]!.x)
  const label = (x: number): string => (dated ? writtenTime(x, step) : String(x))
  const what = `${title}: ${points.length} rows from ${label(from)} to ${label(to)}, what came and what was forecast`
  const number = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 8 })
  const grid = y.marks.map((mark) =>
    [
      `<path class="grid" d="M${left} ${py(mark)}h${width}"/>`,
      `<text class="y" x="${left - 8}" y="${py(mark)}">${number(mark)}</text>`,
    ].join(''),
  )
  const labels = [...new Set(marks)].map(
    (x) => `<text class="x" x="${px(x)}" y="${top + height + 30}">${label(x)}</text>`,
  )
  const keys = '<span class="key of0">what came</span> <span class="key of1">forecast and interval</span>'
  return `<figure>
<figcaption>${escaped(title)} ${keys}</figcaption>
<svg viewBox="0 0 ${left + width + 36} ${top + height + 48}" role="img" aria-label="${escaped(what)}">
${grid.join('\n')}
${labels.join('\n')}
<path class="band" d="${band}"/>
<path class="curve of0" d="${line(({ came }) => came)}"/>
<path class="curve of1" d="${line(({ predicted }) => predicted)}"/>
</svg>
</figure>`
}
