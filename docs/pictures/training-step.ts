import { arrow, box, picture, words } from './svg.ts'

const [width, height, ahead, back, learn] = [120, 48, 60, 150, 240]
const at = (i: number): number => 20 + i * 155
const middle = (y: number): number => y + height / 2

/** Values go to the right, gradients come back to the left, and the optimizer moves the parameters. */
export const trainingStep: string = picture('The life of one training step', { width: 780, height: 310 }, [
  words({ x: 390, y: 26 }, 'forward: values', 'note'),
  box({ x: at(0), y: ahead, width, height, label: 'batch', note: 'x and target' }),
  box({ x: at(1), y: ahead, width, height, label: 'layer 1', note: 'x, initial → y, final', strong: true }),
  box({ x: at(2), y: ahead, width, height, label: 'layer 2', note: 'x, initial → y, final', strong: true }),
  box({ x: at(3), y: ahead, width, height, label: 'dense', note: 'x → y', strong: true }),
  box({ x: at(4), y: ahead, width, height, label: 'loss', note: 'y, target → number' }),
  ...[0, 1, 2, 3].map((i) => arrow({ x: at(i) + width, y: middle(ahead) }, { x: at(i + 1), y: middle(ahead) })),
  arrow({ x: at(4) + width / 2, y: ahead + height }, { x: at(4) + width / 2, y: back }, undefined, 'gradient'),
  box({ x: at(4), y: back, width, height, label: 'y.grad' }),
  box({ x: at(3), y: back, width, height, label: 'dense', note: 'y.grad → x.grad', strong: true }),
  box({ x: at(2), y: back, width, height, label: 'layer 2', note: 'y.grad → x.grad', strong: true }),
  box({ x: at(1), y: back, width, height, label: 'layer 1', note: 'y.grad alone', strong: true }),
  ...[4, 3, 2].map((i) =>
    arrow({ x: at(i), y: middle(back) }, { x: at(i - 1) + width, y: middle(back) }, undefined, 'gradient'),
  ),
  ...[1, 2, 3].map((i) =>
    arrow({ x: at(i) + width / 2, y: back + height }, { x: at(i) + width / 2, y: learn }, undefined, 'gradient'),
  ),
  words({ x: at(0) + width / 2, y: middle(back) }, 'backward: gradients', 'note'),
  box({
    x: at(1),
    y: learn,
    width: at(3) + width - at(1),
    height,
    label: 'gradients → clip → optimizer → parameters',
    note: 'of every parameter, by one formula',
  }),
])
