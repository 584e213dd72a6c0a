import { arrow, box, picture, words } from './svg.ts'

const height = 48
const [x, product, gate, body, out] = [16, 100, 300, 450, 680]
const [above, middle, below] = [30, 100, 170]
const level = (y: number): number => y + height / 2

/** What is yours is blue: the formula. Products, time, and all that follows are the framework's. */
export const cellPicture: string = picture('What a cell is made of', { width: 760, height: 250 }, [
  words({ x: x + 20, y: level(above) }, 'x'),
  words({ x: x + 20, y: level(middle) }, 'h'),
  words({ x: x + 20, y: level(below) }, 'c'),
  arrow({ x: x + 36, y: level(above) }, { x: product, y: level(above) }),
  arrow({ x: x + 36, y: level(middle) }, { x: product, y: level(middle) }),
  box({ x: product, y: above, width: 136, height, label: 'x · W + b', note: 'once, for all steps' }),
  box({ x: product, y: middle, width: 136, height, label: 'h · U + b', note: 'at every step' }),
  arrow({ x: product + 136, y: level(above) }, { x: gate, y: level(above) + 22 }),
  arrow({ x: product + 136, y: level(middle) }, { x: gate, y: level(middle) - 22 }),
  box({ x: gate, y: (above + middle) / 2, width: 84, height, label: 'gate', note: 'their sum' }),
  arrow({ x: gate + 84, y: level((above + middle) / 2) }, { x: body, y: level((above + middle) / 2) }),
  arrow({ x: x + 36, y: level(below) }, { x: body, y: level(below) }, 'prev.c'),
  box({
    x: body,
    y: above,
    width: 160,
    height: below + height - above,
    label: 'your formula',
    note: 'for one unit',
    strong: true,
  }),
  arrow({ x: body + 160, y: level(middle) }, { x: out, y: level(middle) }),
  arrow({ x: body + 160, y: level(below) }, { x: out, y: level(below) }),
  words({ x: out + 22, y: level(middle) }, 'h′'),
  words({ x: out + 22, y: level(below) }, 'c′'),
])
