import { cut, shuffled, type IndexBatch, type IndexBatches } from './index-batches.ts'

/** How many sequences of `steps` steps are batched together, where a batch has at most `most` steps in all. */
export const sequencesAtOnce = (steps: number, batch: number, most: number): number =>
  Math.max(1, Math.min(batch, Math.floor(most / steps)))

/**
 * Batches of sequences of similar length, of `batch` sequences, or fewer of long ones: as many as `most` steps hold.
 * There are as many batches as without buckets: what does not fill a batch of its own bucket goes to the next longer
 * one, so that only one batch of an epoch may have fewer sequences.
 */
export const bucketedIndexBatches = (
  lengths: readonly number[],
  batch: number,
  buckets: number,
  most: number = Infinity,
): IndexBatches => {
  const limits = limitsOf(lengths, buckets)
  const sizes = limits.map((steps) => sequencesAtOnce(steps, batch, most))
  const members: number[][] = limits.map(() => [])
  lengths.forEach((length, i) => members[limits.findIndex((limit) => length <= limit)]!.push(i))

  const batches = (shuffle: (list: readonly number[]) => number[]): IndexBatch[] => {
    let left: number[] = []
    return limits.flatMap((steps, i) => {
      const all = [...left, ...shuffle(members[i]!)]
      const full = i === limits.length - 1 ? all.length : all.length - (all.length % sizes[i]!)
      left = all.slice(full)
      return cut(all.slice(0, full), sizes[i]!, steps)
    })
  }
  const usual = batches((list) => [...list])
  const steps = limits.filter((limit) => usual.some((batch) => batch.steps === limit))
  return {
    count: usual.length,
    steps,
    batches: steps.map((limit) => sizes[limits.indexOf(limit)]!),
    epoch: (random) => (random ? random.shuffle(batches((list) => shuffled(list, random))) : usual),
  }
}

/**
 * The longest length of each bucket, such that as few steps as possible are padding (dynamic programming over the
 * lengths).
 */
const limitsOf = (lengths: readonly number[], buckets: number): number[] => {
  const sorted = [...new Set(lengths)].sort((a, b) => a - b)
  const upTo = sorted.map((limit) => lengths.filter((length) => length <= limit).length) // how many are as long at most
  // best[j]: the steps of all sequences up to sorted[j] in the buckets so far, padding included, and the limits of
  // those.
  let best = sorted.map((limit, j) => ({ steps: upTo[j]! * limit, limits: [limit] }))
  for (let n = 1; n < buckets; n++)
    best = best.map((fewer, j) => {
      let found = fewer
      for (let i = 0; i < j; i++) {
        const steps = best[i]!.steps + (upTo[j]! - upTo[i]!) * sorted[j]!
        if (steps < found.steps) found = { steps, limits: [...best[i]!.limits, sorted[j]!] }
      }
      return found
    })
  return best.at(-1)!.limits
}
