import type { Draw } from '../elements/drawing.ts'
import type { Colours } from './colours.ts'
import { arrow, shownUnits, valueAt, word, type DrawnLayer, type DrawnStack } from './network-diagram.ts'

const [labels, columnWidth, cellHeight, most] = [112, 46, 26, 10]

/** The steps that fit, with the one that is looked at among them. */
const windowOf = (steps: number, time: number, fit: number): readonly [from: number, count: number] => {
  const count = Math.max(1, Math.min(steps, fit))
  return [Math.max(0, Math.min(steps - count, time - Math.floor(count / 2))), count]
}

/** How wide the arrow of a gradient is: each power of ten below the last step's takes a part of it away. */
const widthOf = (norm: number, last: number): number =>
  norm <= 0 ? 0 : Math.max(0, Math.min(7, 3.5 + 1.2 * Math.log10(norm / last)))

const cell = (
  surface: CanvasRenderingContext2D,
  layer: DrawnLayer,
  [x, y]: readonly [x: number, y: number],
  time: number,
  { surface: paper, edge, warm, cold }: Colours & { readonly edge: string },
): void => {
  const width = columnWidth - 16
  const units = shownUnits(layer.size, most)
  surface.fillStyle = paper
  surface.fillRect(x - width / 2, y - cellHeight / 2, width, cellHeight)
  units.forEach((unit, i) => {
    const value = valueAt(layer, time, unit)
    surface.globalAlpha = Math.min(1, Math.abs(value))
    surface.fillStyle = value < 0 ? cold : warm
    const [from, to] = [Math.round((i * width) / units.length), Math.round(((i + 1) * width) / units.length)]
    surface.fillRect(x - width / 2 + from, y - cellHeight / 2, to - from, cellHeight)
  })
  surface.globalAlpha = 1
  surface.strokeStyle = edge
  surface.lineWidth = 1
  surface.strokeRect(x - width / 2 + 0.5, y - cellHeight / 2 + 0.5, width - 1, cellHeight - 1)
}

const drawStack = (
  surface: CanvasRenderingContext2D,
  { layers, reads, predicts, targets }: DrawnStack,
  { left, from, count }: { readonly left: number; readonly from: number; readonly count: number },
  height: number,
  time: number,
  colours: Colours,
): void => {
  const { ink, muted, accent, warm } = colours
  const rows = layers.length + 2
  const y = (row: number): number => height - 16 - (row * (height - 32)) / (rows - 1)
  const x = (t: number): number => left + (t - from + 0.5) * columnWidth
  const once = predicts.length === 1
  layers.forEach((layer, i) => {
    const norms = layer.gradientNorms
    for (let t = from; t < from + count; t++) {
      const above = i + 1 < layers.length || !once || t === reads.length - 1
      arrow(surface, [x(t), y(i) - (i === 0 ? 9 : cellHeight / 2)], [x(t), y(i + 1) + cellHeight / 2], {
        colour: muted,
      })
      if (i === layers.length - 1 && above)
        arrow(surface, [x(t), y(i + 1) - cellHeight / 2], [x(t), y(rows - 1) + 9], { colour: muted })
      cell(surface, layer, [x(t), y(i + 1)], t, { ...colours, edge: t === time ? ink : muted })
      if (!layer.state || t + 1 === from + count) continue
      const [a, b] = [x(t) + columnWidth / 2 - 8, x(t + 1) - columnWidth / 2 + 8]
      arrow(surface, [a, y(i + 1) - 5], [b, y(i + 1) - 5], { colour: accent })
      const width = norms ? widthOf(norms[t]!, norms.at(-1)! || 1) : 0
      if (width > 0.2) arrow(surface, [b, y(i + 1) + 6], [a, y(i + 1) + 6], { colour: warm, width })
    }
  })
  for (let t = from; t < from + count; t++) {
    word(surface, reads[t] ?? '', [x(t), y(0)], colours)
    const answer = once ? (t === reads.length - 1 ? predicts[0]! : '') : (predicts[t] ?? '')
    const target = once ? targets[0] : targets[t]
    word(surface, answer, [x(t), y(rows - 1)], colours, answer === target ? accent : ink)
  }
}

/**
 * A network unrolled: a column for each step, its state handed to the right, and below it the gradient of the last
 * step's loss on its way back, as wide as what is left of it.
 */
export const unrolledNetwork =
  (stacks: readonly DrawnStack[], time: number): Draw =>
  (surface, width, height, colours) => {
    const fit = Math.max(1, Math.floor((width - labels) / columnWidth / stacks.length))
    let left = labels
    stacks.forEach((stack, s) => {
      const [from, count] = windowOf(stack.reads.length, time, fit)
      if (s === 0) label(surface, stack, height, colours)
      drawStack(surface, stack, { left, from, count }, height, time, colours)
      left += count * columnWidth
    })
  }

const label = (
  surface: CanvasRenderingContext2D,
  { layers }: DrawnStack,
  height: number,
  { ink, muted }: Colours,
): void => {
  const rows = layers.length + 2
  surface.textAlign = 'left'
  surface.textBaseline = 'middle'
  surface.font = '13px system-ui, sans-serif'
  layers.forEach((layer, i) => {
    const y = height - 16 - ((i + 1) * (height - 32)) / (rows - 1)
    surface.fillStyle = ink
    surface.fillText(layer.label, 4, y - 8, labels - 8)
    surface.fillStyle = muted
    surface.fillText(String(layer.size), 4, y + 8)
  })
}
