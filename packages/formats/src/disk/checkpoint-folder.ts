import { join } from 'node:path'
import { option, options } from '@recurra/tensor'
import type { Checkpoint, CheckpointStore } from '@recurra/training'
import { encodeCheckpoint } from '../checkpoint/checkpoint-bytes.ts'
import { latestWhole, storeOptions, type StoreOptions } from '../checkpoint/latest-whole.ts'
import { makeFolder, nodeFiles, orStorageError, unfinished, writeInPlaceOf, type Files } from './files.ts'

/** Options of `checkpointFolder`. */
export interface CheckpointFolderOptions extends StoreOptions {
  /** The file system. Default: Node's. */
  readonly files?: Files
}

const pattern = /^checkpoint-(\d+)\.safetensors$/
const stale = new RegExp(`^checkpoint-\\d+\\.safetensors\\.\\d+\\${unfinished}$`)

/**
 * Keeps checkpoints in a folder, one file each, numbered in order. Whenever the process or the machine stops, saved
 * checkpoints stay, and an incomplete or altered one is never mistaken for an intact one: each is written under a
 * temporary name, flushed and renamed, and has a checksum of its whole content. The oldest is removed after the new one
 * is on disk and before it is renamed, so there are never more than `keep`, and always at least one.
 *
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { characters, dense, embedding, fit, lstm, sequential, softmaxCrossEntropy } from 'recurra'
 * import { checkpointFolder } from 'recurra/disk'
 *
 * const text = characters('to be or not to be, that is the question')
 * const store = checkpointFolder(join(await mkdtemp(join(tmpdir(), 'run-')), 'checkpoints'), { keep: 2 })
 * const train = async (epochs: number) =>
 *   fit(sequential(text.tokens, [embedding(4), lstm(8), dense(text.size)]), text.windows({ steps: 8, batch: 2 }), {
 *     loss: softmaxCrossEntropy(), epochs, checkpoints: { store }, resume: await store.latest(),
 *   })
 * const stopped = await train(3)
 * const { losses } = await train(5) // two more
 * console.log(stopped.losses.length, losses.length) // 6 10
 * ```
 * @throws `ConfigurationError` if `keep` is not a positive integer, or an option is unknown.
 */
export const checkpointFolder = (folder: string, given: CheckpointFolderOptions = {}): CheckpointStore => {
  const { keep, onBroken, files } = options('checkpointFolder', given, {
    ...storeOptions,
    files: option.checked<Files>('a file system', (value) => typeof value === 'object' && value !== null)(nodeFiles),
  })
  const numberOf = (name: string): number => Number(pattern.exec(name)![1])
  /** The newest first. */
  const checkpointsIn = (names: readonly string[]): string[] =>
    names.filter((name) => pattern.test(name)).sort((a, b) => numberOf(b) - numberOf(a))

  const write = async (checkpoint: Checkpoint): Promise<void> => {
    const bytes = encodeCheckpoint(checkpoint)
    await makeFolder(folder, files)
    const names = await orStorageError(folder, 'written', () => files.readdir(folder))
    const [newest, ...older] = checkpointsIn(names)
    // A single checkpoint is replaced by renaming: only then is there always one and never two.
    const number = newest === undefined ? 1 : numberOf(newest) + (keep > 1 ? 1 : 0)
    const clear = async (superfluous: readonly string[]): Promise<void> => {
      for (const path of superfluous.map((name) => join(folder, name)))
        await orStorageError(path, 'written', () => files.rm(path, { force: true }))
    }
    const path = join(folder, `checkpoint-${String(number).padStart(6, '0')}.safetensors`)
    await writeInPlaceOf(path, bytes, files, () => clear(older.slice(Math.max(0, keep - 2))))
    await clear(names.filter((name) => stale.test(name)))
  }

  let last: Promise<void> = Promise.resolve()
  return {
    save(checkpoint) {
      last = last.catch(() => {}).then(() => write(checkpoint)) // one after the other
      return last
    },
    async latest() {
      const paths = checkpointsIn(await namesIn(files, folder)).map((name) => join(folder, name))
      return latestWhole(
        folder,
        paths.map((path) => ({ where: path, read: () => orStorageError(path, 'read', () => files.readFile(path)) })),
        onBroken,
      )
    },
  }
}

const namesIn = (files: Files, folder: string): Promise<string[]> =>
  orStorageError(folder, 'read', async () => {
    try {
      return await files.readdir(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
