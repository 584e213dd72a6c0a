import type { Random } from 'recurra'
import { examples, fresh } from './synthetic.ts'
import { says, type TaskOffer } from './task.ts'

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
  title: 'Spell backwards',
  about: 'Reads a word, then says it from its end. Attention shows where it looks.',
  network: {
    encoder: [{ kind: 'embedding', size: 16 }, { kind: 'bidirectional', size: 24 }],
    layers: [{ kind: 'embedding', size: 16 }, { kind: 'gru', size: 48 }, { kind: 'attention', size: 1 }],
  },
  items: 'Letters',
  learningRate: 0.005,
  make: ({ seed }) => ({
    source: { kind: 'tokens', size: letters.length },
    input: { kind: 'tokens', size: symbols.length },
    tail: [says(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    data: () => {
      const all = examples(2000, seed, drawWord)
      return {
        source: all.map(({ word }) => [...word]), x: all.map(({ reversed }) => [end, ...reversed]),
        target: all.map(({ reversed }) => [...reversed, end]), batch: 20,
      }
    },
    probe: (turn) => {
      const { word, reversed } = fresh(turn, drawWord)
      const x = [end, ...reversed]
      return { source: word, x, target: [...reversed, end], columns: x.map((token) => symbols[token]!) }
    },
  }),
}
