import { open, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
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

/** The extension of a file that is not complete yet. */
export const unfinished: string = '.part'

/**
 * Writes a file atomically: whenever the process or the machine stops, either the whole old file exists or the whole
 * new one. It is written under another name in the same folder, flushed and renamed; then the folder is flushed.
 *
 * ```ts
 * import { mkdtemp, readFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { writeDurably } from 'recurra/disk'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'file-')), 'best.json')
 * await writeDurably(path, JSON.stringify({ loss: 1.2 }))
 * console.log(await readFile(path, 'utf8')) // {"loss":1.2}
 * ```
 * @throws `StorageError` if it cannot be written.
 */
export const writeDurably = (path: string, bytes: Uint8Array | string, files: Files = nodeFiles): Promise<void> =>
  writeInPlaceOf(path, bytes, files, async () => {})

/** The same; `between` runs when the file is on disk but not yet renamed. */
export const writeInPlaceOf = (
  path: string,
  bytes: Uint8Array | string,
  files: Files,
  between: () => Promise<void>,
): Promise<void> =>
  orStorageError(path, 'written', async () => {
    const beside = `${path}.${process.pid}${unfinished}`
    try {
      await flushed(files, beside, 'w', (file) => file.writeFile(bytes))
      await between()
      await files.rename(beside, path)
    } catch (error) {
      await files.rm(beside, { force: true }).catch(() => {}) // the first error is the one to report
      throw error
    }
    await flushed(files, dirname(path), 'r')
  })

/**
 * Creates a folder and its missing parents, and flushes them to disk.
 *
 * ```ts
 * import { mkdtemp, readdir } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { makeFolder } from 'recurra/disk'
 *
 * const place = await mkdtemp(join(tmpdir(), 'models-'))
 * await makeFolder(join(place, 'french', 'poems'))
 * console.log(await readdir(place)) // [ 'french' ]
 * ```
 * @throws `StorageError` if the folder cannot be created, or a file has its name.
 */
export const makeFolder = (folder: string, files: Files = nodeFiles): Promise<void> =>
  orStorageError(folder, 'written', () => make(resolve(folder), files))

/** Folder by folder: a recursive `mkdir` of Node never returns where no folder can be created, such as in /proc. */
const make = async (folder: string, files: Files): Promise<void> => {
  try {
    await files.mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return void (await files.mkdir(folder, { recursive: true })) // fails if it is a file
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await make(dirname(folder), files)
    await files.mkdir(folder)
  }
  await flushed(files, dirname(folder), 'r')
}
