import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, orStorageError } from '@recurra/formats/disk'
import { folderLock } from './folder-lock.ts'
import { flushFolder, Journal, type JournalLine } from './journal.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

/** Where a session is in the journal, and what must be known without reading it. */
interface Place extends Pick<JournalLine, 'offset' | 'length'> {
  readonly step: number
  readonly used: number
}

/** A line that waits to be written. */
interface Waiting {
  readonly id: string
  /** Nothing if it is to be forgotten. */
  readonly session: StoredSession | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const portion = 4 * 2 ** 20 // bytes that are rewritten at once

/**
 * Keeps sessions in a folder: in one journal, in which the last line of a session counts. All that wait while the disk
 * is busy are written together, so that a thousand sessions need no thousand flushes.
 */
export class FileStore implements SessionStore {
  readonly name: string
  readonly shared = false
  readonly #path: string
  readonly #unlock: () => void
  readonly #rewriteFrom: number
  #journal: Journal
  readonly #places = new Map<string, Place>()
  #live = 0 // bytes of the journal that count
  #waiting: Waiting[] = []
  /** The end of what is done with the file, one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, journal: Journal, unlock: () => void, rewriteFrom: number) {
    this.name = folder
    this.#path = journal.path
    this.#journal = journal
    this.#unlock = unlock
    this.#rewriteFrom = rewriteFrom
  }

  /**
   * Opens a folder, or makes it. The journal is rewritten when half of it, and `rewriteFrom` bytes, are past.
   * @throws `StorageError` if it fails, `ConfigurationError` if another server uses it, `FormatError` if it is damaged.
   */
  static async open(folder: string, rewriteFrom: number = 8 * 2 ** 20): Promise<FileStore> {
    return orStorageError(folder, 'written', async () => {
      await makeFolder(folder)
      const unlock = folderLock(folder, join(folder, 'lock'))
      try {
        const lines: [id: string, place: Place | undefined][] = []
        const journal = await Journal.open(join(folder, 'sessions.journal'), ({ offset, length, text }) => {
          const { id, step, used, removed } = JSON.parse(text) as StoredSession & { readonly removed?: true }
          lines.push([id, removed ? undefined : { offset, length, step, used }])
        })
        const store = new FileStore(folder, journal, unlock, rewriteFrom)
        for (const [id, place] of lines) store.#place(id, place)
        await flushFolder(folder)
        return store
      } catch (error) {
        unlock()
        throw error
      }
    })
  }

  async read(id: string): Promise<StoredSession | undefined> {
    if (!this.#places.has(id)) return undefined
    return this.#inTurn('read', async () => {
      const place = this.#places.get(id)
      return place && (JSON.parse(await this.#journal.read(place)) as StoredSession)
    })
  }

  async write(session: StoredSession, after: number | undefined): Promise<boolean> {
    if (this.#places.get(session.id)?.step !== after) return false
    await this.#append(session.id, session)
    return true
  }

  async remove(id: string): Promise<boolean> {
    if (!this.#places.has(id)) return false
    await this.#append(id, undefined)
    return true
  }

  async count(): Promise<number> {
    return this.#places.size
  }

  async unusedSince(time: number): Promise<readonly string[]> {
    return [...this.#places].filter(([, { used }]) => used < time).map(([id]) => id)
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#journal.close()
    this.#unlock()
  }

  #append(id: string, session: StoredSession | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, session, resolve, reject })
      if (this.#waiting.length === 1) void this.#inTurn('written', () => this.#writeWaiting())
    })
  }

  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    try {
      const lines = batch.map(({ id, session }) => JSON.stringify(session ?? { id, removed: true }))
      const places = await orStorageError(this.#path, 'written', () => this.#journal.append(lines))
      batch.forEach(({ id, session }, i) =>
        this.#place(id, session && { ...places[i]!, step: session.step, used: session.used }))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    if (this.#journal.size - this.#live > this.#rewriteFrom + this.#live)
      await this.#rewrite().catch(() => undefined) // the journal is whole, and longer than it needs to be
  }

  /** Leaves out what is past. Whenever the machine stops, the old journal is there, or the new one. */
  async #rewrite(): Promise<void> {
    const beside = `${this.#path}.part`
    await rm(beside, { force: true })
    const journal = await Journal.open(beside, () => undefined)
    const moved: [string, Place][] = []
    try {
      for (const batch of this.#portions()) {
        const lines = await Promise.all(batch.map(([, place]) => this.#journal.read(place)))
        const places = await journal.append(lines)
        batch.forEach(([id, place], i) => moved.push([id, { ...place, ...places[i]! }]))
      }
      await rename(beside, this.#path)
    } catch (error) {
      await journal.close()
      throw error
    }
    const old = this.#journal
    this.#journal = journal
    for (const [id, place] of moved) this.#place(id, place)
    await flushFolder(this.name).finally(() => old.close())
  }

  /** All sessions, so many at once as fit well into memory. */
  *#portions(): Generator<[string, Place][]> {
    let [batch, size]: [[string, Place][], number] = [[], 0]
    for (const entry of this.#places) {
      batch.push(entry)
      if ((size += entry[1].length) < portion) continue
      yield batch
      ;[batch, size] = [[], 0]
    }
    if (batch.length > 0) yield batch
  }

  #place(id: string, place: Place | undefined): void {
    this.#live += (place?.length ?? 0) - (this.#places.get(id)?.length ?? 0)
    if (place) this.#places.set(id, place)
    else this.#places.delete(id)
  }

  #inTurn<T>(action: 'written' | 'read', task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => orStorageError(this.#path, action, task))
    this.#turn = done.catch(() => undefined)
    return done
  }
}
