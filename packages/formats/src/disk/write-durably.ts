import { dirname } from 'node:path'
import { flushed, nodeFiles, orStorageError, type Files } from './files.ts'

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
