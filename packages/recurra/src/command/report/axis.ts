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
