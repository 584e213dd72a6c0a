import { dense, last, meanSquaredError, sequential } from 'recurra'
import type { Task } from './task.ts'

const steps = 100

/**
 * The adding problem (Hochreiter and Schmidhuber 1997): of 100 numbers in [0, 1) two are marked, one in either half;
 * their sum is asked for at the end. Who always says 1 is off by 1/6 in the mean square.
 */
export const adding: Task = {
  name: 'adding',
  asks: 'adding    the sum of two marked numbers among 100; mean squared error, 0.1667 without a memory',
  measure: 'loss',
  goal: 0.01,
  loss: meanSquaredError(),
  shape: { steps, features: 2, targets: 1 },
  model: (recurrent, options) => sequential(2, [...recurrent, last(), dense(1)], options),
  draw: (random, x, target) => {
    for (let t = 0; t < steps; t++) x[2 * t] = random.uniform()
    const [first, second] = [random.integer(steps / 2), steps / 2 + random.integer(steps / 2)]
    x[2 * first + 1] = x[2 * second + 1] = 1
    target[0] = x[2 * first]! + x[2 * second]!
  },
}
