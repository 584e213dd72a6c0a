import { cut, type Lot, type Lots } from './lots.ts'
import { shuffled } from './shuffled.ts'

/**
 * Batches of sequences of similar length. There are as many batches as without buckets: what does not fill a batch of
 * its own bucket goes to the next longer one, so that only one batch of an epoch may have fewer sequences.
 */
export const bucketLots = (lengths: readonly number[], batch: number, buckets: number): Lots => {
  const limits = limitsOf(lengths, buckets)
  const members: number[][] = limits.map(() => [])
  lengths.forEach((length, i) => members[limits.findIndex((limit) => length <= limit)]!.push(i))

  const lots = (shuffle: (list: readonly number[]) => number[]): Lot[] => {
    let left: number[] = []
    return limits.flatMap((steps, i) => {
      const all = [...left, ...shuffle(members[i]!)]
      const full = i === limits.length - 1 ? all.length : all.length - (all.length % batch)
      left = all.slice(full)
      return cut(all.slice(0, full), batch, steps)
    })
  }
  const usual = lots((list) => [...list])
  return {
    count: usual.length,
    steps: [...new Set(usual.map(({ steps }) => steps))],
    epoch: (random) => (random ? random.shuffle(lots((list) => shuffled(list, random))) : usual),
  }
}

/** The longest length of each bucket, such that as few steps as possible are padding (dynamic programming over the lengths). */
const limitsOf = (lengths: readonly number[], buckets: number): number[] => {
  const sorted = [...new Set(lengths)].sort((a, b) => a - b)
  const upTo = sorted.map((limit) => lengths.filter((length) => length <= limit).length) // how many are as long at most
  // best[j]: the steps of all sequences up to sorted[j] in the buckets so far, padding included, and the limits of those.
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
