import { dense, oneHot, sequential, softmaxCrossEntropy, tokens, type Random } from 'recurra'
import type { Task } from './task.ts'

/** Three kinds of brackets: opening ones are even, each followed by its closing one. */
const symbols = '()[]{}'
const [steps, deepest] = [100, 15]

/** Brackets that open and close each other, at most so deep; at every step, how many are open. */
const nested = (random: Random, x: Float32Array, target: Float32Array): void => {
  const open: number[] = []
  for (let t = 0; t < steps; t++) {
    const opens = open.length === 0 || (open.length < deepest && random.uniform() < 0.5)
    const kind = opens ? random.integer(symbols.length / 2) : open.pop()!
    if (opens) open.push(kind)
    x[t] = 2 * kind + (opens ? 0 : 1)
    target[t] = open.length
  }
}

/** Dyck depth: how many brackets are open, at each of 100 steps. Who remembers nothing cannot count. */
export const brackets: Task = {
  name: 'brackets',
  asks: 'brackets  how many are open, at each of 100 steps; share of right answers, about 15 % without a memory',
  measure: 'accuracy',
  goal: 0.99,
  loss: softmaxCrossEntropy(),
  shape: { steps, features: 1, targets: steps },
  model: (recurrent, options) =>
    sequential(tokens(symbols.length), [oneHot(), ...recurrent, dense(deepest + 1)], options),
  draw: nested,
}
