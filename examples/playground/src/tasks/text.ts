import { characters } from 'recurra'
import type { TokensConfig } from 'recurra/worker'
import { scores, type TaskOffer } from './task.ts'

const steps = 48

const windowsOf = (tokens: Int32Array): TokensConfig => {
  const long = Math.max(1, Math.min(steps, tokens.length - 1))
  return { tokens, steps: long, batch: Math.max(1, Math.min(16, Math.floor(tokens.length / long) - 1)) }
}

/** A text, character by character: what comes next? */
export const text: TaskOffer = {
  network: {
    encoder: [],
    layers: [{ kind: 'embedding', size: 16 }, { kind: 'lstm', size: 64 }, { kind: 'lstm', size: 64 }],
  },
  learningRate: 0.005,
  make: ({ text: all }) => {
    const corpus = characters(all)
    const { encoded } = corpus
    const cut = Math.ceil(0.9 * encoded.length)
    return {
      input: { kind: 'tokens', size: corpus.size },
      tail: [scores(corpus.size)],
      loss: 'softmaxCrossEntropy',
      reading: false,
      writes: true,
      symbols: corpus.vocabulary.symbols,
      data: () => windowsOf(encoded.subarray(0, cut)),
      heldOut: () => ({ ...windowsOf(encoded.subarray(cut)), batch: 1 }),
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
