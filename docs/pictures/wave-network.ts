import { backend } from 'recurra'
import { lookAt, waveModel, waveTraining } from '../home/wave.ts'
import { picture, words } from './svg.ts'

// Without fused products it gives the same bits on every machine.
const model = waveModel(backend({ threads: 1, multiplyAdd: 'separate' }))
for await (const _ of waveTraining(model, 280));
const { truth, told, seen, stack } = lookAt(model, 0)

const style = `<style>
circle { stroke: #8c959f } .below { fill: #1f62b0 } .above { fill: #c4560a } path.truth, path.told { fill: none }
path.truth { stroke: #5a5c63; stroke-dasharray: 4 4 } path.told { stroke: #0b6355; stroke-width: 2 }
.future { fill: #5a5c63; stroke: none; opacity: 0.12 } path.wire { fill: none; stroke: #d0d7de } .paper { fill: #fff }
@media (prefers-color-scheme: dark) {
  .below { fill: #6fa8f0 } .above { fill: #f0954e } path.truth { stroke: #a5a7ad } path.told { stroke: #56cbb4 }
  .future { fill: #a5a7ad } path.wire { stroke: #3d444d } .paper { fill: #1b1d20 }
}
</style>`

const [width, left, top, height, shown] = [520, 16, 190, 150, 45]
const [gru] = stack.layers
const x = (t: number): string => (left + ((width - 2 * left) * t) / (truth.length - 1)).toFixed(1)
const y = (value: number): string => (top + (height * (1.2 - value)) / 2.4).toFixed(1)
const line = (kind: string, values: readonly number[]): string =>
  `<path class="${kind}" d="M${values.map((value, t) => `${x(t)} ${y(value)}`).join('L')}"/>`
const unitX = (unit: number): number => width / 2 + 23 * (unit - (gru!.size - 1) / 2)
const circle = (cx: number, cy: number, value: number): string =>
  `<circle cx="${cx}" cy="${cy}" r="9" class="paper"/>` +
  `<circle cx="${cx}" cy="${cy}" r="9" class="${value < 0 ? 'below' : 'above'}" ` +
  `fill-opacity="${Math.min(1, Math.abs(value)).toFixed(1)}"/>`
const units = Array.from({ length: gru!.size }, (_, unit) => unit)

/** The network of the home, where it does not move. */
export const waveNetwork: string = picture(
  'A small GRU as circles, coloured by their state, above the wave that it continues',
  { width, height: top + height + 8 },
  [
    style,
    `<path class="wire" d="${units.map((unit) => `M${width / 2} 26L${unitX(unit)} 90L${width / 2} 154`).join('')}"/>`,
    words({ x: width / 2, y: 168 }, stack.reads[shown]!, 'note'),
    ...units.map((unit) => circle(unitX(unit), 90, gru!.state!.values[shown * gru!.size + unit]!)),
    circle(width / 2, 26, 0),
    `<rect class="future" x="${x(seen)}" y="${top}" width="${Number(x(truth.length - 1)) - Number(x(seen))}" ` +
      `height="${height}"/>`,
    line('truth', truth),
    line('told', told),
  ],
)
