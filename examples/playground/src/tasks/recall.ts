import type { Random } from 'recurra'
import { drawnData, fresh, symbolProbe, type Example } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const letters = [...'abcde']
const symbols = [...letters, '·', ':', '-']
const length = 24

/** A letter, then signs that mean nothing; the letter is asked for at the end (after Bengio, Simard, Frasconi 1994). */
export const drawRecall = (random: Random): Example => {
  const first = random.integer(letters.length)
  const distractors = Array.from({ length: length - 1 }, () => letters.length + random.integer(3))
  return { x: [first, ...distractors], target: [first] }
}

/** Remembers one letter over 23 steps: the task on which a plain RNN fails and a gated one does not. */
export const recall: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'embedding', size: 8 }, { kind: 'lstm', size: 32 }] },
  learningRate: 0.01,
  make: ({ seed }) => ({
    input: { kind: 'tokens', size: symbols.length },
    tail: [{ type: 'last' }, scores(letters.length)],
    loss: 'softmaxCrossEntropy', reading: true, symbols: letters, inputSymbols: symbols,
    ...drawnData({ seed, count: 2000 }, drawRecall, (all) => ({
      x: all.map(({ x }) => [...x]), target: all.map(({ target: [first] }) => first!), batch: 20,
    })),
    probe: (turn) => symbolProbe(fresh(turn, drawRecall), symbols),
  }),
}
