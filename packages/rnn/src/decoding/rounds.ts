import { giveWay, pauses } from '@recurra/backend'
import { tensorOver, type Tensor } from '@recurra/tensor'
import type { Decodable } from './decodable.ts'
import type { DecodeOptions } from './decode-options.ts'
import { logProbabilities } from './log-probabilities.ts'

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
