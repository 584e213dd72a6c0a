import { heatMap, heatStyle } from './heat-map.ts'
import { memoryOf, type MemoryStep } from './memory-of.ts'
import { arrow, picture, words } from './svg.ts'

const [keys, values] = [4, 5]
const [first, second, third] = [[1, 0, 0, 0], [0, 0.8, 0.6, 0], [0, 0, 0, 1]]
const steps: readonly (MemoryStep & { readonly name: string })[] = [
  { name: 'writes 1', key: first, value: [1, -1, 0.5, 0, 1] },
  { name: 'nothing' },
  { name: 'writes 2', key: second, value: [-1, 0, 1, 1, -0.5] },
  { name: 'nothing' },
  { name: 'writes 3', key: third, value: [0.5, 1, -1, 0, 0] },
  { name: 'nothing' },
  { name: 'asks for 2', query: second },
  { name: 'asks for 1', query: first },
]

const [cell, apart, top] = [15, 96, 44]
const bottom = top + keys * cell
const step = memoryOf({ keys, values, decay: 0.9 })
const drawn = steps.map(({ name, ...given }, t) => {
  const { y, S } = step(given)
  const x = 16 + t * apart
  const middle = x + (values * cell) / 2
  return [
    words({ x: middle, y: 20 }, name, 'note'),
    heatMap({ x, y: top }, S, values, cell),
    ...(given.query ? [
      arrow({ x: middle, y: bottom + 4 }, { x: middle, y: bottom + 30 }),
      heatMap({ x, y: bottom + 34 }, y, values, cell),
    ] : []),
  ].join('\n')
})

/** What a matrix holds while pairs are written, and what queries read of it. */
export const matrixState: string = picture(
  'A matrix of four rows and five columns over eight steps', { width: 20 + steps.length * apart, height: bottom + 60 },
  [
    heatStyle, ...drawn,
    words(
      { x: 270, y: bottom + 42 }, 'a row for each key, a column for each value; blue is above 0, orange below', 'note',
    ),
  ],
)
