import type { Point } from './svg.ts'

/** The colors of numbers: below 0, above 0, and the frame. */
export const heatStyle = `<style>
rect.cell { stroke: #d0d7de; stroke-width: 0.5 } rect.above { fill: #0969da } rect.below { fill: #bc4c00 }
rect.zero { fill: none }
@media (prefers-color-scheme: dark) {
  rect.cell { stroke: #3d444d } rect.above { fill: #4493f8 } rect.below { fill: #f0883e }
}
</style>`

/** Numbers from -1 to 1 as squares, row by row: the further from 0, the stronger. */
export const heatMap = ({ x, y }: Point, numbers: ArrayLike<number>, columns: number, size: number): string =>
  Array.from(numbers, (value, i) => {
    const at = `x="${x + (i % columns) * size}" y="${y + Math.floor(i / columns) * size}"`
    const strength = Math.min(1, Math.abs(value)).toFixed(2)
    const kind = Number(strength) === 0 ? 'zero' : value > 0 ? 'above' : 'below'
    const opacity = kind === 'zero' ? '' : ` fill-opacity="${strength}"`
    return `<rect ${at} width="${size}" height="${size}" class="cell ${kind}"${opacity}/>`
  }).join('\n')
