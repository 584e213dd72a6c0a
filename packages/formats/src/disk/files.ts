import { open, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { StorageError } from '../errors.ts'

/**
 * What is asked of a file system, as `node:fs/promises` has it; said here, so that declarations do not need those of
 * Node. Tests pass one that fails.
 */
export interface Files {
  /** Makes a folder. */
  mkdir(path: string, options?: { readonly recursive: boolean }): Promise<unknown>
  /** Opens a file or a folder. */
  open(path: string, mode: 'w' | 'r'): Promise<OpenFile>
  /** The names in a folder. */
  readdir(path: string): Promise<string[]>
  /** All bytes of a file. */
  readFile(path: string): Promise<Uint8Array>
  /** Gives a file another name. */
  rename(from: string, to: string): Promise<void>
  /** Takes a file away. */
  rm(path: string, options: { readonly force: boolean }): Promise<void>
}

/** An open file, or a folder. */
export interface OpenFile {
  /** Writes all of it. */
  writeFile(bytes: Uint8Array | string): Promise<void>
  /** Has what was written reach the disk. */
  sync(): Promise<void>
  /** Ends with it. */
  close(): Promise<void>
}

/** The file system that Node runs on. */
export const nodeFiles: Files = { mkdir, open, readdir, readFile, rename, rm }

/**
 * Runs calls of the file system.
 * @throws `StorageError` if one fails.
 */
export const orStorageError = async <T,>(
  path: string,
  action: 'written' | 'read',
  calls: () => Promise<T>,
): Promise<T> => {
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
