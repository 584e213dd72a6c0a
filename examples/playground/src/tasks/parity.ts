import type { Random } from 'recurra'
import { drawnData, fresh, symbolData, symbolProbe, type Example } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const symbols = ['0', '1']
const longest = 16

/** Bits, and at each step whether the ones so far are odd in number. */
export const drawParity = (random: Random): Example => {
  const x = Array.from({ length: 4 + random.integer(longest - 3) }, () => random.integer(2))
  let odd = 0
  return { x, target: x.map((bit) => (odd ^= bit)) }
}

/** Even or odd: one bit to be kept, and none to be lost. */
export const parity: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'embedding', size: 4 }, { kind: 'lstm', size: 16 }] },
  learningRate: 0.02,
  make: ({ seed }) => ({
    input: { kind: 'tokens', size: symbols.length },
    tail: [scores(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    ...drawnData({ seed, count: 2000 }, drawParity, symbolData),
    probe: (turn) => symbolProbe(fresh(turn, drawParity), symbols),
  }),
}
