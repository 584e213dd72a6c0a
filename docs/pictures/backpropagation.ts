import { arrow, box, picture, words } from './svg.ts'

const steps = [1, 2, 3]
const [width, height, cells, losses] = [104, 46, 150, 40]
const left = (t: number): number => 96 + (t - 1) * 210
const sub = (t: number | string): string => ['₀', '₁', '₂', '₃'][Number(t)]!

/** Three steps: values go up and to the right, gradients come down from the losses and back from the right. */
export const backpropagation: string = picture(
  'Backpropagation through three steps of time',
  { width: 720, height: 300 },
  steps.flatMap((t) => {
    const middle = left(t) + width / 2
    const right = left(t) + width
    const values = [
      box({ x: left(t), y: losses, width, height, label: `L${sub(t)}` }),
      box({ x: left(t), y: cells, width, height, label: `h${sub(t)} = tanh a${sub(t)}`, strong: true }),
      words({ x: middle, y: 272 }, `x${sub(t)}`),
      arrow({ x: middle, y: 258 }, { x: middle, y: cells + height }),
      arrow({ x: middle - 24, y: cells }, { x: middle - 24, y: losses + height }),
      arrow({ x: left(t) - 84, y: cells + 12 }, { x: left(t), y: cells + 12 }, `h${sub(t - 1)}`),
    ]
    const gradients = [
      arrow({ x: middle + 24, y: losses + height }, { x: middle + 24, y: cells }, undefined, 'gradient'),
      words({ x: middle + 66, y: (losses + height + cells) / 2 }, `∂L${sub(t)}/∂h${sub(t)}`, 'note'),
      ...(t < 3
        ? [
            arrow({ x: right + 106, y: cells + 34 }, { x: right, y: cells + 34 }, undefined, 'gradient'),
            words({ x: right + 53, y: cells + 52 }, `u · da${sub(t + 1)}`, 'note'),
          ]
        : []),
    ]
    return [...values, ...gradients]
  }),
)
