import { arrow, box, picture, words } from './svg.ts'

/** One shape: what there is at each step. */
interface Shape {
  readonly name: string
  readonly example: string
  /** The steps with an input, a state, an output. */
  readonly x: readonly number[]
  readonly h: readonly number[]
  readonly y: readonly number[]
}

const shapes: readonly Shape[] = [
  { name: 'one to one', example: 'a digit', x: [0], h: [0], y: [0] },
  { name: 'one to many', example: 'a caption', x: [0], h: [0, 1, 2], y: [0, 1, 2] },
  { name: 'many to one', example: 'spam or ham', x: [0, 1, 2], h: [0, 1, 2], y: [2] },
  { name: 'step by step', example: 'tags, next letters', x: [0, 1, 2], h: [0, 1, 2], y: [0, 1, 2] },
  { name: 'through an encoder', example: 'a translation', x: [0, 1], h: [0, 1, 2, 3, 4], y: [2, 3, 4] },
]
const [side, pitch, gap] = [24, 38, 34]
const [outputs, states, inputs] = [52, 108, 164]
const widthOf = ({ h }: Shape): number => (h.length - 1) * pitch + side
const least = 118 // for the names

/** Time goes to the right, and values go up. */
export const fiveShapes: string = ((): string => {
  let from = 16
  const parts = shapes.flatMap((shape) => {
    const room = Math.max(least, widthOf(shape))
    const left = (t: number): number => from + (room - widthOf(shape)) / 2 + t * pitch
    const centre = (t: number): number => left(t) + side / 2
    const square = (t: number, y: number, strong = false): string =>
      box({ x: left(t), y, width: side, height: side, label: '', strong })
    const drawn = [
      words({ x: from + room / 2, y: 20 }, shape.name),
      words({ x: from + room / 2, y: 212 }, shape.example, 'note'),
      ...shape.y.flatMap((t) => [
        square(t, outputs),
        arrow({ x: centre(t), y: states }, { x: centre(t), y: outputs + side }),
      ]),
      ...shape.h.map((t) => square(t, states, true)),
      ...shape.h
        .slice(1)
        .map((t) => arrow({ x: left(t - 1) + side, y: states + side / 2 }, { x: left(t), y: states + side / 2 })),
      ...shape.x.flatMap((t) => [
        square(t, inputs),
        arrow({ x: centre(t), y: inputs }, { x: centre(t), y: states + side }),
      ]),
    ]
    from += room + gap
    return drawn
  })
  return picture('Five shapes of sequence tasks', { width: from - gap + 16, height: 230 }, parts)
})()
