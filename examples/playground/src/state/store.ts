/** Holds the state, and tells once per frame that it has changed. */
export class Store<S extends object> {
  #state: S
  #asked = false
  readonly #show: (state: S) => void

  constructor(state: S, show: (state: S) => void) {
    this.#state = state
    this.#show = show
  }

  get state(): S {
    return this.#state
  }

  /** Changes some of it. */
  set(change: Partial<S>): void {
    this.replace({ ...this.#state, ...change })
  }

  /** Puts another in its place. */
  replace(state: S): void {
    this.#state = state
    if (this.#asked) return
    this.#asked = true
    requestAnimationFrame(() => {
      this.#asked = false
      this.#show(this.#state)
    })
  }
}
