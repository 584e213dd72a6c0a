import { join } from 'node:path'
import { expectCount, type RecurraError } from '@recurra/tensor'
import type { Checkpoint, CheckpointStore } from '@recurra/training'
import { decodeCheckpoint } from '../checkpoint/decode-checkpoint.ts'
import { encodeCheckpoint } from '../checkpoint/encode-checkpoint.ts'
import { FormatError } from '../format-error.ts'
import { StorageError } from '../storage-error.ts'
import { makeFolder, nodeFiles, orStorageError, type Files } from './files.ts'
import { unfinished, writeDurably } from './write-durably.ts'

/** Options of `checkpointFolder`. */
export interface CheckpointFolderOptions {
  /** How many of the last checkpoints are kept; 3 unless said otherwise. */
  readonly keep?: number
  /** Told of a file that cannot be used, when an older one is taken in its place; a warning on the console unless said otherwise. */
  readonly onBroken?: (error: RecurraError) => void
  /** The file system; that of Node unless said otherwise. */
  readonly files?: Files
}

const pattern = /^checkpoint-(\d+)\.safetensors$/
const stale = new RegExp(`^checkpoint-\\d+\\.safetensors\\.\\d+\\${unfinished}$`)

/**
 * Keeps checkpoints in a folder, one file each, numbered as they come. Whatever happens to the process or the machine,
 * at any moment, a checkpoint that was saved stays, and one that is torn or was altered is never taken for whole: each is
 * written under another name, flushed and renamed, and has a checksum over all of it.
 *
 * What cannot be written is a `StorageError`; those saved before are as they were.
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
 */
export const checkpointFolder = (
  folder: string,
  { keep = 3, onBroken = (error) => console.warn(error.message), files = nodeFiles }: CheckpointFolderOptions = {},
): CheckpointStore => {
  expectCount(keep, 'the checkpoints to keep')
  const numberOf = (name: string): number => Number(pattern.exec(name)![1])
  /** The newest first. */
  const checkpointsIn = (names: readonly string[]): string[] =>
    names.filter((name) => pattern.test(name)).sort((a, b) => numberOf(b) - numberOf(a))

  const write = async (checkpoint: Checkpoint): Promise<void> => {
    const bytes = encodeCheckpoint(checkpoint)
    const names = await orStorageError(folder, 'written', async () => {
      await makeFolder(files, folder)
      return files.readdir(folder)
    })
    const before = checkpointsIn(names)
    const number = before.length > 0 ? numberOf(before[0]!) + 1 : 1
    await writeDurably(join(folder, `checkpoint-${String(number).padStart(6, '0')}.safetensors`), bytes, files)
    for (const name of [...before.slice(keep - 1), ...names.filter((name) => stale.test(name))])
      await orStorageError(join(folder, name), 'written', () => files.rm(join(folder, name), { force: true }))
  }

  const read = async (name: string): Promise<Checkpoint | RecurraError> => {
    const path = join(folder, name)
    try {
      return decodeCheckpoint(await orStorageError(path, 'read', () => files.readFile(path)))
    } catch (error) {
      if (error instanceof StorageError) return error
      if (error instanceof FormatError) return new FormatError({ ...error, where: path })
      throw error
    }
  }

  let last: Promise<void> = Promise.resolve()
  return {
    save(checkpoint) {
      last = last.catch(() => {}).then(() => write(checkpoint)) // one after the other
      return last
    },
    async latest() {
      const names = checkpointsIn(await namesIn(files, folder))
      for (const name of names) {
        const found = await read(name)
        if (!(found instanceof Error)) return found
        onBroken(found)
      }
      if (names.length === 0) return undefined
      throw new FormatError({
        where: folder, expected: 'a checkpoint that is whole', got: `${names.length}, of which none is`,
        fix: 'Move them away to begin anew.',
      })
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
