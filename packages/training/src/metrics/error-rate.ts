import { editDistance, expectNoMore, indexOfLargest } from '@recurra/tensor'
import type { Metric } from './metric.ts'
import { rowsOf } from './rows.ts'

/** Error rates of sequences. */
export interface ErrorRates {
  /** Edits per target symbol: word, phoneme or character error rate, depending on the symbols. May be above 1. */
  readonly symbols: number
  /** The fraction of sequences with any error. */
  readonly sequences: number
}

/** A metric of error rates, which also accepts decoded sequences. */
export interface ErrorRateMetric extends Metric<ErrorRates> {
  /** Adds one pair of sequences: words in a list, the characters of a string, or tokens. */
  compare<T>(got: ArrayLike<T>, target: ArrayLike<T>): void
}

/**
 * The edit distance (`editDistance`) per target symbol, and the fraction of sequences with any error. `compare` adds
 * the output of a decoder; `add` uses the most likely class of every step that counts, from scores [batch, time,
 * classes].
 *
 * ```ts
 * import { errorRate } from 'recurra'
 *
 * const words = errorRate()
 * words.compare('three over seven'.split(' '), 'three above seven'.split(' '))
 * words.compare(['four'], ['four'])
 * console.log(words.value) // { symbols: 0.25, sequences: 0.5 }
 * ```
 * @throws `ConfigurationError` if there is an argument.
 */
export const errorRate = (...others: readonly never[]): ErrorRateMetric => {
  expectNoMore(others, 'errorRate')
  let [edits, symbols, wrong, sequences] = [0, 0, 0, 0]
  const compare = <T>(got: ArrayLike<T>, target: ArrayLike<T>): void => {
    const distance = editDistance(got, target)
    edits += distance
    symbols += target.length
    wrong += distance > 0 ? 1 : 0
    sequences++
  }
  return {
    compare,
    add(outcome) {
      const pairs = new Map<number, { readonly got: number[]; readonly target: number[] }>()
      for (const { sequence, scores, target } of rowsOf(outcome)) {
        if (!pairs.has(sequence)) pairs.set(sequence, { got: [], target: [] })
        pairs.get(sequence)!.got.push(indexOfLargest(scores))
        pairs.get(sequence)!.target.push(target)
      }
      for (const { got, target } of pairs.values()) compare(got, target)
    },
    get value() {
      return { symbols: symbols > 0 ? edits / symbols : 0, sequences: sequences > 0 ? wrong / sequences : 0 }
    },
    reset() {
      edits = symbols = wrong = sequences = 0
    },
    get totals() {
      return [edits, symbols, wrong, sequences]
    },
    set totals(totals) {
      [edits, symbols, wrong, sequences] = totals as [number, number, number, number]
    },
  }
}
