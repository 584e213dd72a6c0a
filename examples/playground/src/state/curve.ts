/** The losses of a training of any length in a few hundred points: each is the mean over `stride` steps. */
export interface Curve {
  readonly stride: number
  readonly points: readonly number[]
  /** What is not a whole point yet. */
  readonly rest: readonly number[]
}

const most = 600

/** A curve without a point. */
export const emptyCurve: Curve = { stride: 1, points: [], rest: [] }

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** A curve with further losses; where it has too many points, two become one. */
export const extend = ({ stride, points, rest }: Curve, losses: readonly number[]): Curve => {
  const waiting = [...rest, ...losses]
  const whole = Math.floor(waiting.length / stride)
  const all = [...points, ...Array.from({ length: whole }, (_, i) => mean(waiting.slice(i * stride, (i + 1) * stride)))]
  const longer = { stride, points: all, rest: waiting.slice(whole * stride) }
  return all.length > most ? halved(longer) : longer
}

const halved = ({ stride, points, rest }: Curve): Curve => {
  const whole = Math.floor(points.length / 2)
  const left = points.length > 2 * whole ? Array.from({ length: stride }, () => points.at(-1)!) : []
  const fewer = {
    stride: 2 * stride,
    points: Array.from({ length: whole }, (_, i) => mean(points.slice(2 * i, 2 * i + 2))),
    rest: [...left, ...rest],
  }
  return fewer.points.length > most ? halved(fewer) : fewer
}

/** Where the points lie, in steps. */
export const stepsOf = ({ stride, points }: Curve): number[] => points.map((_, i) => (i + 1) * stride)
