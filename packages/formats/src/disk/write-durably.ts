import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file so that at any moment, whatever happens to the process or the machine, either all of the old file is
 * there or all of the new one: under another name in the same folder, flushed, then renamed, then the folder flushed.
 */
export const writeDurably = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  const beside = `${path}.${process.pid}.part`
  try {
    await flushed(beside, 'w', (file) => file.writeFile(bytes))
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await flushed(dirname(path), 'r')
}

const flushed = async (path: string, mode: 'w' | 'r', write?: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> => {
  const file = await open(path, mode)
  try {
    await write?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
