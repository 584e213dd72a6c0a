import { jittered, side, type Digit } from '@recurra/example-kit'
import { Random, type Batch, type Dataset } from 'recurra'
import { motions, path, places, type Moment } from './motion.ts'

/** Frames of a clip. */
export const length = 10
const margin = 4 // MNIST keeps this many pixels around a digit blank
const ink = side - 2 * margin
const stride = 2 // pixels from place to place
/** Pixels of a frame in width and height. */
export const width = ink + stride * (places - 1)

/**
 * Clips in which real digits wander: x [batch, 10, width²]; the target of each frame says which digit it is, and how it
 * came to its place.
 */
export const clips = (digits: readonly Digit[], { batch = 50, jitter = false } = {}): Dataset => ({
  steps: length, batch,
  batches: Math.floor(digits.length / batch),
  padded: false,
  carry: false,
  *epoch(random?: Random): Iterable<Batch> {
    const chance = random ?? new Random(7) // to measure with: always the same
    const order = random ? random.shuffle([...digits]) : digits
    const [x, target] = [new Float32Array(batch * length * width * width), new Int32Array(batch * length)]
    const other = new Float32Array(side * side)
    for (let first = 0; first + batch <= order.length; first += batch) {
      x.fill(0)
      for (let b = 0; b < batch; b++) {
        const { pixels, label } = order[first + b]!
        if (jitter) jittered(pixels, chance, other)
        path(length, chance).forEach((moment, t) => {
          const frame = b * length + t
          draw(jitter ? other : pixels, moment, x, frame * width * width)
          target[frame] = label * motions.length + moment.motion
        })
      }
      yield { x, target }
    }
  },
})

/** Puts a digit, without its margin, into a frame. */
const draw = (pixels: Float32Array, { x, y }: Moment, to: Float32Array, at: number): void => {
  for (let row = 0; row < ink; row++) {
    const from = (margin + row) * side + margin
    to.set(pixels.subarray(from, from + ink), at + (stride * y + row) * width + stride * x)
  }
}
