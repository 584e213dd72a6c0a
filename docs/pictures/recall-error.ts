import { Random } from 'recurra'
import { chart } from './chart.ts'
import { memoryOf } from './memory-of.ts'

const [keys, values, trials] = [16, 8, 12]
const counts = [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32]

/** The mean squared error of all answers after so many pairs, for values of variance 1. */
const errorOf = (pairs: number, corrected: boolean): number => {
  const random = new Random(pairs)
  const drawn = (length: number): number[] => Array.from({ length }, () => random.normal())
  const squares = Array.from({ length: trials }, () => {
    const step = memoryOf({ keys, values, decay: 1, corrected })
    const all = Array.from({ length: pairs }, () => {
      const direction = drawn(keys)
      return { key: direction.map((one) => one / Math.hypot(...direction)), value: drawn(values) }
    })
    for (const pair of all) step(pair)
    return all.flatMap(({ key, value }) => {
      const { y } = step({ query: key })
      return value.map((wanted, i) => (y[i]! - wanted) ** 2)
    })
  }).flat()
  return squares.reduce((sum, square) => sum + square) / squares.length
}

/** What is read of a memory of 16 rows. */
export const recallError: string = chart(
  'The error of what a memory of 16 rows gives back, by the number of pairs written',
  { label: 'pairs written under random keys', from: 0, to: 32, marks: [0, 8, 16, 24, 32] },
  { label: 'mean squared error of the answers (1: all are 0)', from: 0, to: 2, marks: [0, 0.5, 1, 1.5, 2] },
  [
    { name: 'a sum of pairs', points: counts.map((pairs) => [pairs, errorOf(pairs, false)] as const) },
    { name: 'the delta rule', points: counts.map((pairs) => [pairs, errorOf(pairs, true)] as const) },
  ],
)
