import { dirname } from 'node:path'
import { flushed, nodeFiles, orStorageError, type Files } from './files.ts'

/** The ending of a file that is not whole yet. */
export const unfinished: string = '.part'

/**
 * Writes a file so that at any moment, whatever happens to the process or the machine, either all of the old file is
 * there or all of the new one: under another name in the same folder, flushed, then renamed, then the folder flushed.
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

/** The same, with something `between`: when all of it is on the disk, and does not yet have its name. */
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
      await files.rm(beside, { force: true }).catch(() => {}) // the first error is the one to tell
      throw error
    }
    await flushed(files, dirname(path), 'r')
  })
