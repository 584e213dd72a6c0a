import type { NamedTensor } from '@recurra/tensor'

/** How much of the smoothed loss is the past: it looks back over about 50 steps. */
const memory = 0.98

/** What a meter has seen. */
export interface MeterState {
  /** The loss of every step. */
  readonly losses: NamedTensor
  /** Their weighted sum. */
  readonly smooth: number
  /** Time steps of all sequences. */
  readonly items: number
  /** Milliseconds spent in steps. */
  readonly busy: number
  /** Seconds in all. */
  readonly elapsed: number
}

/** Keeps time and averages while training. */
export class Meter {
  /** The loss of every step. */
  readonly losses: number[]
  readonly #start: number
  #began = 0
  #busy: number
  #items: number
  #smooth: number

  /** Counts on from what another one saw. */
  constructor(from?: MeterState) {
    this.losses = Array.from((from?.losses.read() as ArrayLike<number> | undefined) ?? [])
    this.#start = performance.now() - 1000 * (from?.elapsed ?? 0)
    this.#busy = from?.busy ?? 0
    this.#items = from?.items ?? 0
    this.#smooth = from?.smooth ?? 0
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (performance.now() - this.#start) / 1000
  }

  /** The average of the last losses, the latest most; right from the first step on. */
  get loss(): number {
    return this.#smooth / (1 - memory ** this.losses.length)
  }

  /** Seconds spent in steps. */
  get busy(): number {
    return this.#busy / 1000
  }

  /** Per second spent in steps, whatever happens between them. */
  get itemsPerSecond(): number {
    return this.#busy > 0 ? (this.#items * 1000) / this.#busy : 0 // a coarse clock may see no time pass
  }

  /** A step begins, or continues. */
  begin(): void {
    this.#began = performance.now()
  }

  /** It waits for more data, or is over. */
  pause(): void {
    this.#busy += performance.now() - this.#began
  }

  /** It has come to this. */
  end(loss: number, items: number): void {
    this.#items += items
    this.#smooth = memory * this.#smooth + (1 - memory) * loss
    this.losses.push(loss)
  }

  /** What it has seen, copied. */
  save(): MeterState {
    const { losses, elapsed } = this
    const values = Float64Array.from(losses)
    return {
      losses: { name: 'losses', dtype: 'F64', shape: [values.length], read: () => values },
      smooth: this.#smooth,
      items: this.#items,
      busy: this.#busy,
      elapsed,
    }
  }
}
