/** How much of the smoothed loss is the past: it looks back over about 50 steps. */
const memory = 0.98

/** Keeps time and averages while training. */
export class Meter {
  /** The loss of every step. */
  readonly losses: number[] = []
  readonly #start = performance.now()
  #began = 0
  #busy = 0
  #items = 0
  #smooth = 0

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

  /** A step begins. */
  begin(): void {
    this.#began = performance.now()
  }

  /** It is over. */
  end(loss: number, items: number): void {
    this.#busy += performance.now() - this.#began
    this.#items += items
    this.#smooth = memory * this.#smooth + (1 - memory) * loss
    this.losses.push(loss)
  }
}
