import type { Random } from 'recurra'
import { drawnData, fresh, symbolData, symbolProbe, type Example } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const symbols = ['·', 'a', 'b', 'c', 'd', 'e']
const [length, delay] = [16, 4]

/** Letters, and the same letters four steps later. */
export const drawEcho = (random: Random): Example => {
  const x = Array.from({ length }, () => 1 + random.integer(symbols.length - 1))
  return { x, target: x.map((_, t) => x[t - delay] ?? 0) }
}

/** Says what it has read four steps ago. */
export const echo: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'embedding', size: 8 }, { kind: 'gru', size: 32 }] },
  learningRate: 0.01,
  make: ({ seed }) => ({
    input: { kind: 'tokens', size: symbols.length },
    tail: [scores(symbols.length)],
    loss: 'softmaxCrossEntropy', reading: false, symbols,
    ...drawnData({ seed, count: 1000 }, drawEcho, symbolData),
    probe: (turn) => symbolProbe(fresh(turn, drawEcho), symbols),
  }),
}
