import { Random } from 'recurra'
import type { NamedArray, Problem } from './arrays.ts'
import { parametersOf, type Workload } from './workloads.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** The same weights and data for every system: uniform numbers alone, whose bits no maths library can change. */
export const problemOf = (workload: Workload, seed = 1): Problem => {
  const random = new Random(seed)
  const { task, input, hidden, output, steps, batch } = workload
  const uniform = (shape: readonly number[], bound: number): NamedArray => ({
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound)),
  })
  const classes = (shape: readonly number[], count: number): NamedArray => ({
    shape,
    data: Int32Array.from({ length: sizeOf(shape) }, () => random.integer(count)),
  })
  const bound = (name: string): number =>
    // as min-char-rnn, whose deviation is 0.01
    task !== 'characters' ? 1 / Math.sqrt(hidden) : name.includes('bias') ? 0 : 0.01 * Math.sqrt(3)
  const weights = Object.fromEntries(parametersOf(workload).map(([name, shape]) => [name, uniform(shape, bound(name))]))
  if (task === 'characters')
    return { workload, arrays: { ...weights, tokens: someText(random, input, 400 * steps + 1) } }
  const x = uniform(task === 'stream' ? [steps, input] : [steps, batch, input], 1)
  if (task === 'stream') return { workload, arrays: { ...weights, x } }
  return {
    workload,
    arrays: {
      ...weights,
      x,
      target: task === 'labels' ? classes([steps, batch], output) : uniform([batch, output], 1),
    },
  }
}

/** Tokens that can be learnt in part: each follows from the last, but for a little chance. */
const someText = (random: Random, vocabulary: number, length: number): NamedArray => {
  const data = new Int32Array(length)
  for (let i = 1; i < length; i++) data[i] = (data[i - 1]! * 3 + random.integer(4)) % vocabulary
  return { shape: [length], data }
}
