import { randomUUID } from 'node:crypto'
import { notFound, otherModel, otherRequest, tooFast, tooMany, wrongStep } from './session-errors.ts'
import { BufferedStore } from './stores/buffered-store.ts'
import type { SessionStore, StoredSession } from './stores/session-store.ts'
import { Turns } from './turns.ts'

/** How sessions are kept. */
export interface SessionOptions {
  readonly store: SessionStore
  /** The fingerprint of the parameters. */
  readonly model: string
  /** Milliseconds until a step is stored, at most; 0: before it is answered. */
  readonly storeDelay: number
  /** Maximum number of sessions. */
  readonly most: number
  /** Milliseconds after which an unused session is forgotten. */
  readonly expire: number
  readonly now?: () => number
}

/** What a step changes. */
export type Changes = Pick<StoredSession, 'state' | 'pending'> & { readonly answer: unknown }

/** A step that may be taken, while no other one of its session is. It must be ended, committed or not. */
export interface Turn {
  readonly session: StoredSession
  /** What was answered, if this very step was taken before. */
  readonly repeated?: { readonly answer: unknown }
  /** Takes the step. Resolves with its number once it may be acknowledged. */
  commit(changes: Changes): Promise<number>
  end(): void
}

/**
 * Sessions of a model: each has a state and counts its steps. The client numbers them: the number of the last step
 * gives the last answer again, the next number takes a step, any other one is an error. So a client that does not know
 * whether a step was taken asks once more, and it is taken once.
 */
export class Sessions {
  readonly kept: BufferedStore
  readonly #options: SessionOptions
  readonly #turns = new Turns()
  #creating = 0

  constructor(options: SessionOptions) {
    this.#options = options
    this.kept = new BufferedStore(options.store, options.storeDelay)
  }

  /**
   * Creates a session; one of this id that is there is left as it is.
   * @throws `RequestError` if there are too many.
   */
  async create(
    id: string = randomUUID(), start: Pick<StoredSession, 'state' | 'pending'> = {},
  ): Promise<{ readonly session: StoredSession; readonly created: boolean }> {
    return this.#turns.in(id, async () => {
      const there = await this.kept.read(id)
      if (there) return { session: this.#ours(there), created: false }
      const others = this.#creating++
      try {
        await this.#expectRoom(others)
        const session: StoredSession = { id, step: 0, used: this.#now(), model: this.#options.model, ...start }
        if (!(await this.kept.keep(session, undefined))) throw tooFast(id)
        return { session, created: true }
      } finally {
        this.#creating--
      }
    })
  }

  /** @throws `RequestError` if there is none of this id, or it belongs to other parameters. */
  async get(id: string): Promise<StoredSession> {
    return this.#turns.in(id, async () => this.#found(id))
  }

  /** @throws `RequestError` if there is none of this id. */
  async remove(id: string): Promise<void> {
    const removed = await this.#turns.in(id, async () => this.kept.remove(id))
    if (!removed) throw notFound(id)
  }

  /**
   * Begins a step, when those before it have ended. `asked` tells requests apart; without a number, it is the next.
   * @throws `RequestError` if there is no such session, or it is neither its last step nor its next.
   */
  async begin(id: string, step: number | undefined, asked: string): Promise<Turn> {
    const end = await this.#turns.begin(id)
    try {
      const session = await this.#found(id)
      const { last } = session
      if (step !== undefined && step === session.step && last) {
        if (last.asked !== asked) throw otherRequest(id, step)
        return { session, repeated: { answer: last.answer }, end, commit: async () => step }
      }
      if (step !== undefined && step !== session.step + 1) throw wrongStep(session, step)
      return { session, end, commit: (changes) => this.#commit(session, changes, asked) }
    } catch (error) {
      end()
      throw error
    }
  }

  /** Forgets sessions that were not used for too long; gives their number. */
  async removeExpired(): Promise<number> {
    const since = this.#now() - this.#options.expire
    if (since === -Infinity) return 0
    const old = await this.kept.unusedSince(since)
    const removed = await Promise.all(old.map((id) => this.#turns.in(id, async () => {
      const session = await this.kept.read(id) // it may have been used meanwhile
      return session !== undefined && session.used < since && this.kept.remove(id)
    })))
    return removed.filter(Boolean).length
  }

  async #commit(before: StoredSession, { answer, ...changes }: Changes, asked: string): Promise<number> {
    const { id, model } = before
    const step = before.step + 1
    const session: StoredSession = { id, step, used: this.#now(), model, ...changes, last: { asked, answer } }
    if (await this.kept.keep(session, before)) return step
    throw tooFast(id)
  }

  async #found(id: string): Promise<StoredSession> {
    const session = await this.kept.read(id)
    if (!session) throw notFound(id)
    return this.#ours(session)
  }

  #ours(session: StoredSession): StoredSession {
    if (session.model === this.#options.model) return session
    throw otherModel(session.id)
  }

  async #expectRoom(others: number): Promise<void> {
    const { most } = this.#options
    const { store } = this.kept
    if ((await store.count()) + others < most) return
    if ((await this.removeExpired()) > 0 && (await store.count()) + others < most) return
    throw tooMany(most)
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }
}
