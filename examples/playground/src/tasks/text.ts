import { characters } from 'recurra'
import { says, type TaskOffer } from './task.ts'

const steps = 48

/** A text, character by character: what comes next? */
export const text: TaskOffer = {
  title: 'Imitate a text',
  about: 'Reads character by character, guesses the next one, and so learns to write.',
  network: {
    encoder: [],
    layers: [{ kind: 'embedding', size: 16 }, { kind: 'lstm', size: 64 }, { kind: 'lstm', size: 64 }],
  },
  items: 'Characters',
  learningRate: 0.005,
  make: ({ text: all }) => {
    const corpus = characters(all)
    const { encoded } = corpus
    return {
      input: { kind: 'tokens', size: corpus.size },
      tail: [says(corpus.size)],
      loss: 'softmaxCrossEntropy',
      reading: false,
      symbols: corpus.vocabulary.symbols,
      data: () => ({
        tokens: encoded,
        steps,
        batch: Math.max(1, Math.min(16, Math.floor(encoded.length / steps) - 1)),
      }),
      probe: (turn) => {
        const from = (turn * 97) % Math.max(1, encoded.length - 2 * steps)
        const x = [...encoded.subarray(from, from + 2 * steps)]
        return {
          x,
          target: [...encoded.subarray(from + 1, from + x.length + 1)],
          columns: x.map((token) => corpus.vocabulary.symbols[token]!),
        }
      },
    }
  },
}
