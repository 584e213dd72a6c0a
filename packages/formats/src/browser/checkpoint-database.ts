import { options } from '@recurra/tensor'
import type { CheckpointStore } from '@recurra/training'
import { createStore, promisifyRequest } from 'idb-keyval'
import { encodeCheckpoint } from '../checkpoint/checkpoint-bytes.ts'
import { latestWhole, storeOptions, type StoreOptions } from '../checkpoint/latest-whole.ts'
import { StorageError } from '../errors.ts'

/**
 * Keeps the last few checkpoints in a database of the browser (IndexedDB), as `checkpointFolder` does in a folder:
 * numbered in order, each with a checksum. One transaction, flushed to disk, writes a checkpoint and deletes an old
 * one: at any moment, all of it has happened or nothing.
 *
 * Each training run needs its own name. A browser may clear what a page stores, unless `navigator.storage.persist()`
 * asks it not to.
 *
 * ```ts
 * import { checkpointDatabase } from 'recurra/browser'
 *
 * const store = checkpointDatabase('moby-dick', { keep: 2 })
 * ```
 * @throws `ConfigurationError` if `keep` is not a positive integer, or an option is unknown.
 */
export const checkpointDatabase = (name: string, given: StoreOptions = {}): CheckpointStore => {
  const { keep, onBroken } = options('checkpointDatabase', given, storeOptions)
  const where = `database ${name}`
  const all = createStore(name, 'checkpoints')
  return {
    async save(checkpoint) {
      const bytes = encodeCheckpoint(checkpoint)
      await orStorageError(where, 'written', () =>
        all('readonly', ({ name, transaction: { db } }) => replace(strictly(db, name), bytes, keep)),
      )
    },
    async latest() {
      const numbers = await orStorageError(where, 'read', () => all('readonly', numbersIn))
      const read = (number: number) => (): Promise<Uint8Array> =>
        orStorageError(where, 'read', () =>
          all('readonly', (store) => promisifyRequest(store.get(number) as IDBRequest<Uint8Array>)),
        )
      return latestWhole(
        where,
        numbers.map((number) => ({ where: `${where}, checkpoint ${number}`, read: read(number) })),
        onBroken,
      )
    },
  }
}

/** The newest first. */
const numbersIn = async (store: IDBObjectStore): Promise<number[]> => {
  const keys = await promisifyRequest(store.getAllKeys())
  return (keys as number[]).sort((a, b) => b - a)
}

/**
 * idb-keyval lets the browser decide when to flush, and some browsers report a transaction complete before it is on
 * disk.
 */
const strictly = (db: IDBDatabase, name: string): IDBObjectStore =>
  db.transaction(name, 'readwrite', { durability: 'strict' }).objectStore(name)

const replace = async (store: IDBObjectStore, bytes: Uint8Array, keep: number): Promise<void> => {
  try {
    const numbers = await numbersIn(store)
    store.put(bytes, (numbers[0] ?? 0) + 1)
    for (const old of numbers.slice(keep - 1)) store.delete(old)
  } catch (error) {
    store.transaction.abort() // else the requests made so far would still be carried out
    throw error
  }
  await promisifyRequest(store.transaction)
}

const orStorageError = async <T>(where: string, action: 'written' | 'read', request: () => Promise<T>): Promise<T> => {
  try {
    return await request()
  } catch (error) {
    if (error instanceof DOMException)
      throw new StorageError(where, action, error.name, `${error.name}: ${error.message}`)
    if (!('indexedDB' in globalThis)) throw new StorageError(where, action, 'NotSupportedError', 'no IndexedDB here')
    throw error
  }
}
