import type { Draw } from '../elements/drawing.ts'
import type { Colours } from './colours.ts'
import { arrow, shownUnits, valueAt, word, type DrawnStack } from './network-diagram.ts'

const most = 22
const [labels, margin] = [118, 26]

type Point = readonly [x: number, y: number]

const drawStack = (
  surface: CanvasRenderingContext2D,
  { layers, reads, predicts, targets }: DrawnStack,
  [left, right]: readonly [left: number, right: number],
  height: number,
  time: number,
  colours: Colours,
): void => {
  const { ink, muted, line, warm, cold, accent } = colours
  const rows = layers.length + 2
  const y = (row: number): number => height - 18 - (row * (height - 36)) / (rows - 1)
  const [from, to] = [left + labels, right - margin]
  const middle = (from + to) / 2
  const places = layers.map(({ size }, i) => {
    const units = shownUnits(size, most)
    const gap = Math.min(26, (to - from) / units.length)
    return units.map((unit, j): readonly [unit: number, ...at: Point] =>
      [unit, middle + gap * (j - (units.length - 1) / 2), y(i + 1)])
  })
  surface.strokeStyle = line
  surface.lineWidth = 1
  places.forEach((row, i) => {
    const below: readonly Point[] = i === 0 ? [[middle, y(0) - 10]] : places[i - 1]!.map(([, ...at]) => at)
    for (const [, x1, y1] of row)
      for (const [x2, y2] of below) {
        surface.beginPath()
        surface.moveTo(x1, y1)
        surface.lineTo(x2, y2)
        surface.stroke()
      }
  })
  const top = places.at(-1) ?? []
  for (const [, x1, y1] of top) {
    surface.beginPath()
    surface.moveTo(x1, y1)
    surface.lineTo(middle, y(rows - 1) + 10)
    surface.stroke()
  }
  layers.forEach((layer, i) => {
    const radius = Math.min(9, ((to - from) / places[i]!.length) * 0.42)
    for (const [unit, x, at] of places[i]!) {
      const value = valueAt(layer, time, unit)
      surface.beginPath()
      surface.arc(x, at, radius, 0, 2 * Math.PI)
      surface.globalAlpha = 1
      surface.fillStyle = colours.surface
      surface.fill()
      surface.globalAlpha = Math.min(1, Math.abs(value))
      surface.fillStyle = value < 0 ? cold : warm
      surface.fill()
      surface.globalAlpha = 1
      surface.strokeStyle = muted
      surface.lineWidth = 1
      surface.stroke()
    }
    if (layer.state) loop(surface, [places[i]!.at(-1)![1] + radius + 4, y(i + 1)], accent)
    surface.textAlign = 'left'
    surface.textBaseline = 'middle'
    surface.font = '13px system-ui, sans-serif'
    surface.fillStyle = ink
    surface.fillText(layer.label, left + 4, y(i + 1) - 8, labels - 10)
    surface.fillStyle = muted
    surface.fillText(String(layer.size), left + 4, y(i + 1) + 8)
  })
  const at = Math.min(time, Math.max(0, reads.length - 1))
  word(surface, reads[at] ?? '', [middle, y(0)], colours)
  const answer = predicts[Math.min(at, predicts.length - 1)] ?? ''
  const right_ = answer === targets[Math.min(at, targets.length - 1)]
  word(surface, answer, [middle, y(rows - 1)], colours, right_ ? accent : ink)
}

/** The state that a layer hands to itself. */
const loop = (surface: CanvasRenderingContext2D, [x, y]: Point, colour: string): void => {
  surface.strokeStyle = colour
  surface.lineWidth = 1.5
  surface.beginPath()
  surface.arc(x + 5, y, 7, Math.PI * 0.85, Math.PI * 0.75 + 2 * Math.PI * 0.95)
  surface.stroke()
  arrow(surface, [x + 1, y + 6], [x - 3, y + 1], { colour })
}

/** A network as it is at one step: a row for each layer, a circle for each unit, colored by its state. */
export const rolledNetwork =
  (stacks: readonly DrawnStack[], time: number): Draw =>
  (surface, width, height, colours) => {
    const each = width / stacks.length
    stacks.forEach((stack, i) => drawStack(surface, stack, [i * each, (i + 1) * each], height, time, colours))
    if (stacks.length > 1)
      arrow(surface, [each - 20, height / 2], [each + 2, height / 2], { colour: colours.accent, width: 2 })
  }
