import type { SessionStore, StoredSession } from './session-store.ts'

const cached = 4096 // sessions that are ready in memory
const patience = 1000 // milliseconds until it is tried again to store what could not be stored

/** A store behind the memory of this server: steps are stored at once, or together some milliseconds later. */
export class BufferedStore {
  readonly store: SessionStore
  readonly #delay: number
  /** As they are in the store, or will be: those that were used last. */
  readonly #cache = new Map<string, StoredSession>()
  /** Those that are ahead of the store, with the step that is there. */
  readonly #unstored = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The end of the last flush: there is one at a time. */
  #flushed: Promise<void> = Promise.resolve()

  /** `delay` are the milliseconds until a step is stored; 0: `keep` waits until it is. */
  constructor(store: SessionStore, delay: number) {
    this.store = store
    this.#delay = delay
  }

  /** How many sessions are in memory. */
  get cached(): number {
    return this.#cache.size
  }

  /** How many sessions are ahead of the store. */
  get unstored(): number {
    return this.#unstored.size
  }

  /** A session; what is in memory may be behind a store that others write to. */
  async read(id: string): Promise<StoredSession | undefined> {
    const known = this.store.shared && !this.#unstored.has(id) ? undefined : this.#cache.get(id)
    if (known) return this.#remember(known)
    const kept = await this.store.read(id)
    return kept && this.#remember(kept)
  }

  /** Keeps a session after a step of it, or a new one: false if another server was faster. */
  async keep(session: StoredSession, before: StoredSession | undefined): Promise<boolean> {
    if (before && this.#delay > 0) {
      if (!this.#unstored.has(session.id)) this.#unstored.set(session.id, before.step)
      this.#remember(session)
      this.#flushIn(this.#delay)
      return true
    }
    const kept = await this.store.write(session, before?.step)
    if (kept) this.#remember(session)
    else this.#cache.delete(session.id)
    return kept
  }

  /** Forgets a session: false if there was none. */
  async remove(id: string): Promise<boolean> {
    const removed = await this.store.remove(id)
    this.#cache.delete(id)
    this.#unstored.delete(id)
    return removed
  }

  /** Those that were not used since a time. */
  async unusedSince(time: number): Promise<readonly string[]> {
    return (await this.store.unusedSince(time)).filter((id) => !this.#unstored.has(id))
  }

  /** Stores what is not yet stored. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const flushed = this.#flushed.then(async () => {
      const results = await Promise.allSettled([...this.#unstored.keys()].map((id) => this.#store(id)))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    })
    this.#flushed = flushed.catch(() => undefined)
    return flushed
  }

  /** What could not be stored is tried again: it was answered already. */
  #flushIn(milliseconds: number): void {
    this.#timer ??= setTimeout(() => void this.flush().catch(() => this.#flushIn(patience)), milliseconds)
  }

  async #store(id: string): Promise<void> {
    const [session, stored] = [this.#cache.get(id), this.#unstored.get(id)]
    if (!session || stored === undefined) return
    const kept = await this.store.write(session, stored)
    if (!this.#unstored.has(id)) return // removed meanwhile
    if (kept && this.#cache.get(id) !== session) return void this.#unstored.set(id, session.step) // a step further
    this.#unstored.delete(id)
    if (kept) return
    this.#cache.delete(id)
    console.error(`session ${id}: another server took steps of it, those of this one after ${stored} are lost`)
  }

  #remember(session: StoredSession): StoredSession {
    this.#cache.delete(session.id)
    this.#cache.set(session.id, session)
    for (const id of this.#cache.keys()) {
      if (this.#cache.size <= cached) break
      if (!this.#unstored.has(id)) this.#cache.delete(id)
    }
    return session
  }
}
