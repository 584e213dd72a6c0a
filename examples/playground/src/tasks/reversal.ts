import type { Random } from 'recurra'
import { drawnData, fresh } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const letters = [...'abcdefghijklmnop']
/** Begins and ends what is said. */
const end = letters.length
const symbols = [...letters, '⏎']

/** A word, and the same from its end. */
export const drawWord = (
  random: Random,
): { readonly word: readonly number[]; readonly reversed: readonly number[] } => {
  const word = Array.from({ length: 3 + random.integer(5) }, () => random.integer(letters.length))
  return { word, reversed: word.toReversed() }
}

/** Spells backwards: what is looked at while it is said? */
export const reversal: TaskOffer = {
  network: {
    encoder: [{ kind: 'embedding', size: 16 }, { kind: 'bidirectional', size: 24 }],
    layers: [{ kind: 'embedding', size: 16 }, { kind: 'gru', size: 48 }, { kind: 'attention', size: 1 }],
  },
  learningRate: 0.005,
  make: ({ seed }) => ({
    source: { kind: 'tokens', size: letters.length },
    input: { kind: 'tokens', size: symbols.length },
    tail: [scores(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    ...drawnData({ seed, count: 2000 }, drawWord, (all) => ({
      source: all.map(({ word }) => [...word]), x: all.map(({ reversed }) => [end, ...reversed]),
      target: all.map(({ reversed }) => [...reversed, end]), batch: 20,
    })),
    probe: (turn) => {
      const { word, reversed } = fresh(turn, drawWord)
      const x = [end, ...reversed]
      return { source: word, x, target: [...reversed, end], columns: x.map((token) => symbols[token]!) }
    },
  }),
}
