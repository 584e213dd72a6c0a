import { dense, oneHot, sequential, softmaxCrossEntropy, tokens } from 'recurra'
import type { Task } from './task.ts'

const [symbols, length, delay] = [8, 5, 50]
const [blank, go] = [symbols, symbols + 1]
const steps = length + delay + length
const silent = -100 // what is said there does not count

/**
 * Copy memory (Hochreiter and Schmidhuber 1997, Arjovsky et al. 2016): five symbols of eight, fifty blanks, a sign, and
 * then the five are to be said again in their order. Who remembers nothing gets one in eight right.
 */
export const copying: Task = {
  name: 'copying',
  asks: 'copying   five symbols again, fifty steps later; share of right ones, 12.5 % without a memory',
  measure: 'accuracy',
  goal: 0.99,
  loss: softmaxCrossEntropy({ ignore: silent }),
  shape: { steps, features: 1, targets: steps },
  model: (recurrent, options) => sequential(tokens(symbols + 2), [oneHot(), ...recurrent, dense(symbols)], options),
  draw: (random, x, target) => {
    x.fill(blank)
    x[length + delay] = go
    target.fill(silent)
    for (let i = 0; i < length; i++) x[i] = target[length + delay + i] = random.integer(symbols)
  },
}
