import type { Batch, Dataset, Random } from 'recurra'
import { jittered } from './jittered.ts'
import { side, type Digit } from './mnist.ts'

/**
 * Batches of digits: x [batch, 784], or read row by row [batch, 28, 28], which is the same; target [batch]. `jitter`
 * makes every epoch look different.
 */
export const digitBatches = (digits: readonly Digit[], { batch = 50, jitter = false } = {}): Dataset => {
  const [batches, size] = [Math.floor(digits.length / batch), side * side]
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
