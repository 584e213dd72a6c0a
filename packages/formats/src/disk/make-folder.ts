import { dirname, resolve } from 'node:path'
import { flushed, nodeFiles, orStorageError, type Files } from './files.ts'

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
