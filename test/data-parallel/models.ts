import {
  dense, dropout, embedding, javascript, lstm, namedVariables, sequences, sequential, tokens, windows, type Backend,
  type Dataset, type Layer, type Sequential,
} from 'recurra'

const float64: Backend = javascript({ dtype: 'float64' })

/** A small model of series. */
export const seriesModel = (seed = 4, backend = float64): Layer =>
  sequential(2, [lstm(3), dense(2)], { backend, seed })

/** A small model of tokens, which drops some units out. */
export const tokenModel = (rate = 0, backend = float64): Sequential =>
  sequential(tokens(5), [embedding(4), lstm(3), dropout(rate), dense(5)], { backend, seed: 2 })

/** All parameters, one after the other. */
export const numbersOf = ({ params, backend }: Layer): number[] =>
  namedVariables(params).flatMap(([, { value }]) => [...backend.read(value)])

const point = (phase: number): number[] => [Math.sin(7 * phase), Math.sin(3 * phase + 1)]

/** Seven sequences of uneven lengths in batches of five, so that the ranks count differently many steps. */
export const unevenSeries = (shift = 0): Dataset => {
  const rows = (phase: number): number[][][] => [3, 1, 2, 2, 3, 1, 3].map((length, i) =>
    Array.from({ length }, (_, t) => point(phase + 10 * i + t)))
  return sequences({ x: rows(shift), target: rows(1), batch: 5 })
}

/** A text of tokens, read in order with the state carried over, or shuffled. */
export const text = (carry: boolean, batch = 4): Dataset =>
  windows(Int32Array.from({ length: 90 }, (_, i) => (i * i + Math.floor(i / 3)) % 5), { steps: 5, batch, carry })

/** The largest relative difference. */
export const worst = (want: readonly number[], got: readonly number[]): number =>
  want.length === got.length
    ? Math.max(...want.map((value, i) => Math.abs(value - got[i]!) / Math.max(Math.abs(value), 1e-12)))
    : Infinity
