import type { Random } from 'recurra'
import { examples, fresh, symbolProbe, type Example } from './synthetic.ts'
import { says, type TaskOffer } from './task.ts'

const symbols = ['·', 'a', 'b', 'c', 'd', 'e']
const [length, delay] = [16, 4]

/** Letters, and the same letters four steps later. */
export const drawEcho = (random: Random): Example => {
  const x = Array.from({ length }, () => 1 + random.integer(symbols.length - 1))
  return { x, target: x.map((_, t) => x[t - delay] ?? 0) }
}

/** Says what it has read four steps ago. */
export const echo: TaskOffer = {
  title: 'Echo',
  about: `Says each letter again, ${delay} steps later: how much can be held at once?`,
  network: { encoder: [], layers: [{ kind: 'embedding', size: 8 }, { kind: 'gru', size: 32 }] },
  items: 'Steps',
  learningRate: 0.01,
  make: ({ seed }) => ({
    input: { kind: 'tokens', size: symbols.length },
    tail: [says(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    data: () => {
      const all = examples(1000, seed, drawEcho)
      return { x: all.map(({ x }) => [...x]), target: all.map(({ target }) => [...target]), batch: 20 }
    },
    probe: (turn) => symbolProbe(fresh(turn, drawEcho), symbols),
  }),
}
