import { arrow, box, picture, words } from './svg.ts'

const steps = [1, 2, 3, 4]
const layers = [1, 2]
const [width, height] = [96, 44]
const left = (t: number): number => 70 + (t - 1) * 150
const top = (layer: number): number => 250 - layer * 95

/** Two layers over four steps: depth goes up, time goes to the right. */
export const deepRnn: string = picture('A deep RNN unrolled over four steps', { width: 660, height: 290 }, [
  ...steps.flatMap((t) => {
    const middle = left(t) + width / 2
    return [
      words({ x: middle, y: 272 }, `x${sub(t)}`),
      arrow({ x: middle, y: 258 }, { x: middle, y: top(1) + height }),
      ...layers.flatMap((layer) => [
        box({ x: left(t), y: top(layer), width, height, label: `rnn${layer}.step`, strong: true }),
        arrow(
          { x: left(t) - 54, y: top(layer) + height / 2 },
          { x: left(t), y: top(layer) + height / 2 },
          `h${sub(t - 1)}`,
        ),
      ]),
      arrow({ x: middle, y: top(1) }, { x: middle, y: top(2) + height }, '  y1'),
      arrow({ x: middle, y: top(2) }, { x: middle, y: 32 }),
      words({ x: middle, y: 18 }, `y${sub(t)}`),
    ]
  }),
  ...layers.map((layer) =>
    arrow(
      { x: left(4) + width, y: top(layer) + height / 2 },
      { x: left(4) + width + 44, y: top(layer) + height / 2 },
      `h${sub(4)}`,
    ),
  ),
])

function sub(t: number): string {
  return '₀₁₂₃₄'[t]!
}
