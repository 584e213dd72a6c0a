import type { Progress } from '@recurra/training'

/** The progress of a training, and what happened since the last report. */
export interface ProgressReport extends Progress {
  /** The loss of each step since the previous report. */
  readonly losses: readonly number[]
  /** The gradient norm of each step since the previous report, before clipping. */
  readonly gradientNorms: readonly number[]
}

/** Tells of every step, but not at every step: a page cannot show more than a few reports a second. */
export class Reporter {
  readonly #tell: (report: ProgressReport) => unknown
  readonly #pause: number
  #losses: number[] = []
  #gradientNorms: number[] = []
  #next = 0
  #last: Progress | undefined

  /** `pause` is the least time between two reports, in milliseconds. What `tell` returns is waited for. */
  constructor(tell: (report: ProgressReport) => unknown, pause = 50) {
    this.#tell = tell
    this.#pause = pause
  }

  /** Takes a step in, and tells of it now or later. */
  async add(progress: Progress): Promise<void> {
    this.#losses.push(progress.stepLoss)
    this.#gradientNorms.push(progress.gradientNorm)
    this.#last = progress
    if (performance.now() >= this.#next) await this.flush()
  }

  /** Tells of all that was not told yet. */
  async flush(): Promise<void> {
    const [losses, gradientNorms, last] = [this.#losses, this.#gradientNorms, this.#last]
    if (!last || losses.length === 0) return
    this.#losses = []
    this.#gradientNorms = []
    await this.#tell({ ...last, losses, gradientNorms })
    this.#next = performance.now() + this.#pause
  }
}
