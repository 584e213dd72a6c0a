import type { Random } from 'recurra'
import { drawnData, fresh } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const length = 20

/** Numbers, two of them marked; their sum is asked for at the end (Hochreiter and Schmidhuber 1997). */
export const drawAdding = (
  random: Random,
): { readonly x: readonly (readonly [number: number, mark: number])[]; readonly sum: number } => {
  const [first, second] = [random.integer(length / 2), length / 2 + random.integer(length / 2)]
  const x = Array.from({ length }, (_, t) => [random.uniform(), t === first || t === second ? 1 : 0] as const)
  return { x, sum: x[first]![0] + x[second]![0] }
}

/** Remembers two numbers among many. */
export const adding: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'lstm', size: 32 }] },
  learningRate: 0.01,
  make: ({ seed }) => ({
    input: { kind: 'sequence', size: 2 },
    tail: [{ type: 'last' }, scores(1)],
    loss: 'meanSquaredError', reading: true,
    ...drawnData({ seed, count: 2000 }, drawAdding, (all) => ({
      x: all.map(({ x }) => x.map((pair) => [...pair])), target: all.map(({ sum }) => [sum]), batch: 20,
    })),
    probe: (turn) => {
      const { x, sum } = fresh(turn, drawAdding)
      return { x: x.flat(), target: [sum], columns: x.map(([number, mark]) => (mark ? number.toFixed(2) : '·')) }
    },
  }),
}
