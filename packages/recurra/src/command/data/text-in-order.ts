import type { Batch, Dataset } from '@recurra/training'

/** How much is read at once. */
export interface Reading {
  /** The most tokens of a batch, one after the other. */
  readonly steps: number
  /** The most stretches of the text side by side. */
  readonly batch: number
}

/**
 * All of a text, to measure on: each token but the first is foretold once. Stretches of it lie side by side, and a
 * model remembers what it has read of each; the first token of a stretch is the only one without a past.
 */
export const textInOrder = (tokens: Int32Array, { steps: most, batch: widest }: Reading): Dataset => {
  const pairs = tokens.length - 1 // of a token and the next
  const steps = Math.min(most, pairs)
  const batch = Math.max(1, Math.min(widest, Math.floor(pairs / steps)))
  const stretch = Math.ceil(pairs / batch)
  const batches = Math.ceil(stretch / steps)
  return {
    steps, batch, batches,
    padded: true,
    carry: true,
    *epoch(): Iterable<Batch> {
      const [x, target] = [new Int32Array(batch * steps), new Int32Array(batch * steps)]
      const filled = { x, target, lengths: new Int32Array(batch) }
      for (let i = 0; i < batches; i++) {
        for (let b = 0; b < batch; b++) {
          const from = b * stretch + i * steps
          const to = Math.min(from + steps, (b + 1) * stretch, pairs)
          filled.lengths[b] = Math.max(0, to - from)
          for (let t = from; t < to; t++) {
            filled.x[b * steps + t - from] = tokens[t]!
            filled.target[b * steps + t - from] = tokens[t + 1]!
          }
        }
        yield filled
      }
    },
  }
}
