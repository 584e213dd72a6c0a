import { open, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { StorageError } from '../storage-error.ts'

/** What is asked of a file system, as `node:fs/promises` has it. Tests pass one that fails. */
export interface Files {
  /** Makes a folder. */
  readonly mkdir: typeof mkdir
  /** Opens a file or a folder. */
  readonly open: typeof open
  /** The names in a folder. */
  readonly readdir: typeof readdir
  /** All bytes of a file. */
  readonly readFile: typeof readFile
  /** Gives a file another name. */
  readonly rename: typeof rename
  /** Takes a file away. */
  readonly rm: typeof rm
}

/** The file system that Node runs on. */
export const nodeFiles: Files = { mkdir, open, readdir, readFile, rename, rm }

/**
 * Runs calls of the file system.
 * @throws `StorageError` if one fails.
 */
export const orStorageError = async <T>(path: string, action: 'written' | 'read', calls: () => Promise<T>): Promise<T> => {
  try {
    return await calls()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === undefined || error instanceof StorageError ? error : new StorageError(path, action, code, message)
  }
}

/** Opens a file or a folder, does something with it, and has all of it reach the disk. */
export const flushed = async (
  { open }: Files,
  path: string,
  mode: 'w' | 'r',
  write?: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> => {
  const file = await open(path, mode)
  try {
    await write?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
