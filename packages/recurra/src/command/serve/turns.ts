/** Lets those who want the same thing have it one after the other, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits for a turn, and returns what ends it. */
  async begin(name: string): Promise<() => void> {
    const before = this.#last.get(name)
    let end!: () => void
    const mine = new Promise<void>((resolve) => (end = resolve))
    this.#last.set(name, mine)
    await before
    return () => {
      if (this.#last.get(name) === mine) this.#last.delete(name)
      end()
    }
  }

  /** Does something in a turn of its own. */
  async in<T>(name: string, task: () => Promise<T>): Promise<T> {
    const end = await this.begin(name)
    try {
      return await task()
    } finally {
      end()
    }
  }
}
