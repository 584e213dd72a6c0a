import { giveWay, pauses } from '@recurra/backend'
import { logSoftmaxOf, tensorOver, ValueError, type Tensor } from '@recurra/tensor'
import type { Decodable, DecodeOptions } from './decode-options.ts'

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

/** One token for every row: how likely each is, and which it will be. */
export interface Round {
  /** The log-probability of every token of the vocabulary in a row; the list may be changed, and is used again. */
  logProbabilities(row: number): Float64Array
  /** What the rows read when the next round begins: [batch], to be filled in. */
  readonly next: Int32Array
}

/** Milliseconds until it gives way: short, since a hundred may be writing at once, and each waits for all others. */
const patience = 1

/**
 * The loop behind every way of decoding: reads the prompt, then goes from round to round, until the length or the
 * signal ends it.
 */
export async function* rounds(
  model: Decodable,
  { prompt, length, signal }: DecodeOptions,
): AsyncGenerator<Round, void> {
  const { backend, batch } = model
  const read = tensorOver(new Int32Array(batch), [batch])
  const next = read.data
  const pause = pauses(patience)
  let logits: Tensor | undefined
  for (let i = 0; i < prompt.length && !signal?.aborted; i++) {
    next.fill(prompt[i]!)
    logits = model.step(read)
    await pause()
  }
  for (let n = 1; n <= length && !signal?.aborted; n++) {
    const scores = await backend.readAsync(logits!)
    const line = new Float64Array(scores.length / batch)
    yield { next, logProbabilities: (row) => logProbabilities(scores, row * line.length, line) }
    await (n === 1 ? giveWay() : pause()) // so that the first token of everybody comes before the second of anybody
    if (n < length && !signal?.aborted) logits = model.step(read)
  }
}

/**
 * The log-probability of every token, in nats, into `to`, from a row of logits that begins at `from`. -Infinity rules a
 * token out.
 * @throws `ValueError` if a logit is NaN, or all tokens are ruled out.
 */
export const logProbabilities = (logits: ArrayLike<number>, from: number, to: Float64Array): Float64Array => {
  logSoftmaxOf(logits, from, to)
  if (!to.some(Number.isNaN)) return to
  throw new ValueError({
    where: 'decoding',
    expected: 'scores with a largest that is finite',
    got: String(Math.max(...Array.from(to, (_, i) => logits[from + i]!))),
    fix: 'Look for NaN in the parameters of the model.',
  })
}
