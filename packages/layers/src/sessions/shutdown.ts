import { ConfigurationError } from '@recurra/tensor'

const closedError = (what: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: what, expected: `${what} in use`, got: 'closed', fix })

/** The error of a session that was closed. */
export const sessionClosed = (): ConfigurationError =>
  closedError('a session', 'Open a new one with sessions.open().')

/** How something stops: it takes nothing new, finishes what it has, and then its memory is freed. */
export class Shutdown {
  readonly #busy: () => boolean
  readonly #free: () => void
  #started = false
  readonly #finished: (() => void)[] = []

  constructor(busy: () => boolean, free: () => void) {
    this.#busy = busy
    this.#free = free
  }

  /** @throws `ConfigurationError` if it was started. */
  expectInUse(): void {
    if (this.#started) throw closedError('sessions', 'Make new ones with model.sessions().')
  }

  /** Takes nothing new from now on. The promise resolves when the memory is free. */
  start(): Promise<void> {
    this.#started = true
    const finished = new Promise<void>((resolve) => this.#finished.push(resolve))
    this.goOn()
    return finished
  }

  /** Call it whenever something was finished. */
  goOn(): void {
    if (!this.#started || this.#busy()) return
    this.#free()
    for (const resolve of this.#finished.splice(0)) resolve()
  }
}
