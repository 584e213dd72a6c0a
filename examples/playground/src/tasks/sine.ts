import type { Random } from 'recurra'
import { drawnData, fresh } from './synthetic.ts'
import { scores, type TaskOffer } from './task.ts'

const length = 60

/** A wave of its own length and place, with an overtone. */
export const drawWave = (random: Random): number[] => {
  const [period, phase] = [random.uniform(14, 30), random.uniform(0, 2 * Math.PI)]
  return Array.from(
    { length: length + 1 },
    (_, t) => 0.75 * Math.sin((2 * Math.PI * t) / period + phase) + 0.25 * Math.sin((4 * Math.PI * t) / period + phase),
  )
}

/** Goes on with a wave that it has seen a part of. */
export const sine: TaskOffer = {
  network: { encoder: [], layers: [{ kind: 'gru', size: 32 }] },
  learningRate: 0.01,
  make: ({ seed }) => ({
    input: { kind: 'sequence', size: 1 },
    tail: [scores(1)],
    loss: 'meanSquaredError', reading: false,
    ...drawnData({ seed, count: 400 }, drawWave, (all) => ({
      x: all.map((wave) => wave.slice(0, -1).map((y) => [y])),
      target: all.map((wave) => wave.slice(1).map((y) => [y])),
      batch: 16,
    })),
    probe: (turn) => {
      const wave = fresh(turn, drawWave)
      return { x: wave.slice(0, -1), target: wave.slice(1), columns: wave.slice(1).map(() => '') }
    },
  }),
}
