/** Percentiles of the most recent values. */
export interface Percentiles {
  /** Half of the values are at most this: NaN before the first. */
  readonly p50: number
  /** 95 % of the values are at most this. */
  readonly p95: number
  /** 99 % of the values are at most this. */
  readonly p99: number
}

/** What sessions have done so far, and what they are doing. */
export interface SessionMetrics {
  /** The number of open sessions. */
  readonly sessions: number
  /** The number of steps that wait for a batch. */
  readonly queue: number
  /** The number of steps answered since the start. */
  readonly steps: number
  /** The number of batches that they were computed in. */
  readonly batches: number
  /** The number of steps rejected because the queue was full. */
  readonly rejected: number
  /** The number of steps dropped before they began, because a signal was aborted or a session was closed. */
  readonly dropped: number
  /** The number of steps that failed in their batch. */
  readonly failed: number
  /** How many steps shared a batch, over the last 4,096 batches. */
  readonly batchSize: Percentiles
  /** Milliseconds from the call of `step` to its answer, over the last 4,096 steps. */
  readonly latency: Percentiles
}

/** The last of many values, of which it knows the percentiles. */
class RecentValues {
  readonly #values: Float64Array
  #count = 0

  constructor(size = 4096) {
    this.#values = new Float64Array(size)
  }

  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, this.#count).sort()
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}

/** Counts what sessions do. */
export class SessionMeter {
  readonly counts: { -readonly [name in keyof Omit<SessionMetrics, 'batchSize' | 'latency'>]: number } =
    { sessions: 0, queue: 0, steps: 0, batches: 0, rejected: 0, dropped: 0, failed: 0 }
  readonly #sizes = new RecentValues()
  readonly #latencies = new RecentValues()

  batch(size: number): void {
    this.counts.batches++
    this.#sizes.add(size)
  }

  answered(milliseconds: number): void {
    this.counts.steps++
    this.#latencies.add(milliseconds)
  }

  read(): SessionMetrics {
    return { ...this.counts, batchSize: this.#sizes.percentiles(), latency: this.#latencies.percentiles() }
  }
}
