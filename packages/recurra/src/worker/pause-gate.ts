/** Lets whoever comes pass, or wait; or lets one pass, who then locks it behind himself. */
export class PauseGate {
  #locked: boolean
  #single = false
  #open: () => void = () => {}

  constructor(locked = false) {
    this.#locked = locked
  }

  /** Whether the next one has to wait. */
  get locked(): boolean {
    return this.#locked
  }

  /** Resolves when one may continue, or when the signal says that there is no point in waiting. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#locked && !signal.aborted)
      await new Promise<void>((open) => {
        this.#open = open
        signal.addEventListener('abort', () => open(), { once: true })
      })
    if (signal.aborted) return
    this.#locked = this.#single
    this.#single = false
  }

  /** From now on all have to wait. */
  lock(): void {
    this.#locked = true
  }

  /** From now on all may pass; with `single`, one may. */
  unlock({ single = false }: { readonly single?: boolean } = {}): void {
    this.#locked = false
    this.#single = single
    this.#open()
  }
}
