import { side, type Digit } from '@recurra/example-kit'
import type { Random } from 'recurra'
import { stamp, type Place } from './stamp.ts'

/** What can be seen, and how it is said. */
export interface Scene {
  /** From 0 black to 1 white: [56, 28]. */
  readonly pixels: Float32Array
  readonly caption: string
}

const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const sizes: Readonly<Record<string, Place>> = { large: { row: side, scale: 1.4 }, small: { row: side, scale: 0.7 } }
const [above, below]: readonly Place[] = [{ row: side / 2, scale: 1 }, { row: 1.5 * side, scale: 1 }]

const alone = (size: string, digit: number): string => `a ${size} ${names[digit]}`
const pair = (upper: number, lower: number): string =>
  upper !== lower ? `${names[upper]} above ${names[lower]}` : `two ${names[upper]}${upper === 6 ? 'es' : 's'}`

/** Everything that may be said. */
export const captions: readonly string[] = names.flatMap((_, digit) => [
  ...Object.keys(sizes).map((size) => alone(size, digit)),
  ...names.map((__, lower) => pair(digit, lower)),
])

/** Two digits, one above the other, or one alone, large or small: as they were written, or with some variety. */
export const draw = (digits: readonly Digit[], random: Random, variety: 0 | 1 = 0): Scene => {
  const pixels = new Float32Array(2 * side * side)
  const put = (place: Place): number => {
    const { pixels: digit, label } = digits[random.integer(digits.length)]!
    stamp(digit, place, () => variety * random.uniform(-1, 1), pixels)
    return label
  }
  if (random.uniform() < 0.7) return { pixels, caption: pair(put(above!), put(below!)) }
  const size = random.uniform() < 0.5 ? 'large' : 'small'
  return { pixels, caption: alone(size, put(sizes[size]!)) }
}
