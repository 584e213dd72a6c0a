import { arrow, box, picture, words } from './svg.ts'

const height = 56
const [left, middle, right, width] = [16, 250, 530, 150]
const [plan, ahead, back] = [16, 96, 196]
const level = (y: number): number => y + height / 2

/** `plan` makes the frame once; `forward` and `backward` go through it again and again. */
export const framePicture: string = picture(
  'A frame: what forward and backward read and write',
  { width: 700, height: 290 },
  [
    box({
      x: middle - 40,
      y: plan,
      width: 260,
      height: 48,
      label: 'plan(x, callShape)',
      note: 'once: makes all memory, binds kernels',
    }),
    words({ x: 100, y: ahead - 16 }, 'forward', 'note'),
    box({ x: left, y: ahead, width, height, label: 'x.value', note: 'initial.value' }),
    box({ x: middle, y: ahead, width: 180, height, label: 'forward()', note: 'kernel after kernel', strong: true }),
    box({ x: right, y: ahead, width, height, label: 'y.value', note: 'final.value' }),
    arrow({ x: left + width, y: level(ahead) }, { x: middle, y: level(ahead) }, 'reads'),
    arrow({ x: middle + 180, y: level(ahead) }, { x: right, y: level(ahead) }, 'overwrites'),
    words({ x: 100, y: back - 16 }, 'backward', 'note'),
    box({ x: left, y: back, width, height, label: 'x.grad', note: 'initial.grad' }),
    box({ x: middle, y: back, width: 180, height, label: 'backward()', note: 'kernel after kernel', strong: true }),
    box({ x: right, y: back, width, height, label: 'y.grad', note: 'final.grad' }),
    arrow({ x: right, y: level(back) }, { x: middle + 180, y: level(back) }, 'reads', 'gradient'),
    arrow({ x: middle, y: level(back) }, { x: left + width, y: level(back) }, 'overwrites', 'gradient'),
    words({ x: middle + 90, y: back + height + 20 }, 'and adds to the gradients of the parameters', 'note'),
  ],
)
