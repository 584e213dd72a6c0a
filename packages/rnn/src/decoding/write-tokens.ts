import type { Decodable } from './decodable.ts'
import type { DecodeOptions } from './decode-options.ts'
import { rounds } from './rounds.ts'

/** Yields one token for each row, as `choose` picks it from the log-probabilities of the row, which it may change. */
export async function* writeTokens(
  model: Decodable,
  options: DecodeOptions,
  choose: (logProbabilities: Float64Array) => number,
): AsyncGenerator<readonly number[], void> {
  const open = new Set(Array(model.batch).keys()) // the rows that have not ended
  for await (const { logProbabilities, next } of rounds(model, options)) {
    for (const row of open) {
      next[row] = choose(logProbabilities(row))
      if (next[row] === options.end) open.delete(row)
    }
    if (open.size === 0) return
    yield [...next]
  }
}
