import type { Random } from 'recurra'
import { examples, fresh, symbolProbe, type Example } from './synthetic.ts'
import { says, type TaskOffer } from './task.ts'

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
  title: 'Parity',
  about: 'After each bit: is the number of ones so far odd? One slip, and all that follows is wrong.',
  network: { encoder: [], layers: [{ kind: 'embedding', size: 4 }, { kind: 'lstm', size: 16 }] },
  items: 'Bits',
  learningRate: 0.02,
  make: ({ seed }) => ({
    input: { kind: 'tokens', size: symbols.length },
    tail: [says(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    data: () => {
      const all = examples(2000, seed, drawParity)
      return { x: all.map(({ x }) => [...x]), target: all.map(({ target }) => [...target]), batch: 20 }
    },
    probe: (turn) => symbolProbe(fresh(turn, drawParity), symbols),
  }),
}
