/** A network between ranks: the seconds of a message, and bytes per second. */
export interface Link {
  readonly name: string
  readonly latency: number
  readonly bandwidth: number
}

/** What a training step is made of. */
export interface Step {
  /** Seconds that a rank computes. */
  readonly compute: number
  /** The relative deviation of these from step to step: all wait for the slowest. */
  readonly jitter: number
  /** Bytes that are summed. */
  readonly bytes: number
  /** Seconds in which a rank reads one more sequence of the whole batch. */
  readonly read: number
  /** Sequences of each rank. */
  readonly batch: number
}

/** Bytes of what is exchanged before the gradients, and after the update. */
const head = 21 * 8
/** Of these in a step: the shares of the gradients, what is coming, and the meeting. */
const heads = 3

/**
 * Seconds to sum over all ranks. Small arrays by recursive doubling, large ones by reduce-scatter and allgather
 * (Thakur, Rabenseifner and Gropp 2005): 2 log2 N messages and 2 (N - 1) / N of the bytes; the faster of the two.
 */
export const sumSeconds = (bytes: number, ranks: number, { latency, bandwidth }: Link): number => {
  if (ranks === 1) return 0
  const rounds = Math.ceil(Math.log2(ranks))
  const doubling = rounds * (latency + bytes / bandwidth)
  const scattered = 2 * rounds * latency + (2 * (ranks - 1) * bytes) / ranks / bandwidth
  return Math.min(doubling, scattered)
}

/** Seconds of a step in some ranks, each with a batch of its own. */
export const stepSeconds = ({ compute, jitter, bytes, read, batch }: Step, ranks: number, link: Link): number => {
  // the expected largest of N normal deviates
  const slowest = compute * (1 + jitter * Math.sqrt(2 * Math.log(ranks)))
  return slowest + read * batch * ranks + sumSeconds(bytes, ranks, link) + heads * sumSeconds(head, ranks, link)
}

/** The part of the time in which all ranks do what one alone would. */
export const efficiency = (step: Step, ranks: number, link: Link): number =>
  stepSeconds(step, 1, link) / stepSeconds(step, ranks, link)
