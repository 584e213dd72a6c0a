import { open, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { systemReasons } from '@recurra/tensor'
import { StorageError } from '../errors.ts'

/**
 * The part of `node:fs/promises` that is used, declared here so that the declarations do not need Node's. Tests pass a
 * file system that fails.
 */
export interface Files {
  /** Creates a folder. */
  mkdir(path: string, options?: { readonly recursive: boolean }): Promise<unknown>
  /** Opens a file or a folder. */
  open(path: string, mode: 'w' | 'r'): Promise<OpenFile>
  /** Lists the names in a folder. */
  readdir(path: string): Promise<string[]>
  /** Reads all bytes of a file. */
  readFile(path: string): Promise<Uint8Array>
  /** Renames a file. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file. */
  rm(path: string, options: { readonly force: boolean }): Promise<void>
}

/** An open file, or a folder. */
export interface OpenFile {
  /** Writes all data. */
  writeFile(bytes: Uint8Array | string): Promise<void>
  /** Flushes what was written to disk. */
  sync(): Promise<void>
  /** Closes it. */
  close(): Promise<void>
}

/** The file system that Node runs on. */
export const nodeFiles: Files = { mkdir, open, readdir, readFile, rename, rm }

/**
 * Runs calls of the file system, for a store of your own.
 *
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { orStorageError } from 'recurra/disk'
 *
 * const reading = orStorageError('missing.txt', 'read', () => readFile('missing.txt'))
 * console.log(await reading.catch(({ name, code }) => [name, code])) // ['StorageError', 'ENOENT']
 * ```
 * @throws `StorageError` if one fails.
 */
export const orStorageError = async <T>(
  path: string, action: 'written' | 'read', calls: () => Promise<T>,
): Promise<T> => {
  try {
    return await calls()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined || error instanceof StorageError) throw error
    const reason = systemReasons[code]
    throw new StorageError(path, action, code, reason ? `${reason} (${code})` : message)
  }
}

/** Opens a file or a folder, uses it, and flushes it to disk. */
export const flushed = async (
  { open }: Files,
  path: string,
  mode: 'w' | 'r',
  write?: (file: OpenFile) => Promise<void>,
): Promise<void> => {
  const file = await open(path, mode)
  try {
    await write?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
