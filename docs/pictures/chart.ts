import { picture, words } from './svg.ts'

/** A curve: y over x, with its name beside its end. */
export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** One axis: what it shows, and where its marks are. Logarithmic axes are marked at powers of ten. */
export interface Axis {
  readonly label: string
  readonly from: number
  readonly to: number
  readonly marks: readonly number[]
  readonly logarithmic?: boolean
}

const [left, top, width, height] = [84, 24, 430, 260]

/** The share of the axis at which a value lies. */
const shareOf = ({ from, to, logarithmic = false }: Axis, value: number): number => {
  const place = logarithmic ? Math.log10 : (v: number): number => v
  return Math.min(1, Math.max(0, (place(value) - place(from)) / (place(to) - place(from))))
}

const raised = (power: number): string =>
  [...String(power)].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!)).join('')
const markOf = ({ logarithmic = false }: Axis, value: number): string =>
  logarithmic ? `10${raised(Math.round(Math.log10(value)))}` : String(value)

const style = `<style>
path.curve { fill: none; stroke-width: 2 } text.curve { font-size: 12px; text-anchor: start }
text.mark { text-anchor: end }
path.grid { stroke: #d0d7de; fill: none } path.of0 { stroke: #0969da } path.of1 { stroke: #bc4c00 }
path.of2 { stroke: #1a7f37 } path.of3 { stroke: #8250df } path.of4 { stroke: #57606a }
@media (prefers-color-scheme: dark) {
  path.grid { stroke: #3d444d } path.of0 { stroke: #4493f8 } path.of1 { stroke: #f0883e }
  path.of2 { stroke: #3fb950 } path.of3 { stroke: #ab7df8 } path.of4 { stroke: #9198a1 }
}
</style>`

/** Curves over one another. Coordinates have one decimal, so that the last digits of a machine's `exp` do not show. */
export const chart = (title: string, x: Axis, y: Axis, curves: readonly Curve[]): string => {
  const at = (px: number, py: number): string =>
    `${(left + width * shareOf(x, px)).toFixed(1)} ${(top + height * (1 - shareOf(y, py))).toFixed(1)}`
  const [bottom, right] = [top + height, left + width]
  return picture(title, { width: right + 170, height: bottom + 60 }, [
    style,
    ...y.marks.map((mark) => {
      const level = (top + height * (1 - shareOf(y, mark))).toFixed(1)
      const line = `<path class="grid" d="M${left} ${level}H${right}"/>`
      return `${line}\n<text x="${left - 8}" y="${level}" class="note mark">${markOf(y, mark)}</text>`
    }),
    ...x.marks.map((mark) =>
      words({ x: Math.round(left + width * shareOf(x, mark)), y: bottom + 18 }, markOf(x, mark), 'note'),
    ),
    words({ x: left + width / 2, y: bottom + 42 }, x.label, 'note'),
    words({ x: left + width / 2, y: 10 }, y.label, 'note'),
    ...curves.map(({ name, points }, i) => {
      const [, level] = at(...points.at(-1)!).split(' ')
      const line = `<path class="curve of${i}" d="M${points.map(([px, py]) => at(px, py)).join('L')}"/>`
      return `${line}\n<text x="${right + 8}" y="${level}" class="curve">${name}</text>`
    }),
  ])
}
