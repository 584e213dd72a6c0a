import { unpackDigits } from './packed-digits.ts'
import { says, type TaskOffer } from './task.ts'

/** Reads a digit row by row; and those that you draw. */
export const digits: TaskOffer = {
  title: 'Read a digit',
  about: 'Handwritten digits (MNIST), from the top row to the bottom one. Then draw one yourself.',
  network: { encoder: [], layers: [{ kind: 'gru', size: 48 }] },
  items: 'Rows',
  learningRate: 0.005,
  make: ({ digits: packed = new Uint8Array() }) => {
    const images = unpackDigits(packed)
    return {
      input: { kind: 'sequence', size: 14 },
      tail: [{ type: 'last' }, says(10)],
      loss: 'softmaxCrossEntropy', reading: true,
      symbols: [...'0123456789'],
      data: () => ({ x: images.map(({ rows }) => rows), target: images.map(({ label }) => label), batch: 20 }),
      probe: (turn) => {
        const { rows, label } = images[turn % images.length]!
        return { x: rows.flat(), target: [label], columns: rows.map((_, t) => `row ${t + 1}`) }
      },
    }
  },
}
