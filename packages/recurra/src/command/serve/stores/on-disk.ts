import { open } from 'node:fs/promises'
import { StorageError } from '@recurra/formats'
import { systemReasons } from '@recurra/tensor'

/**
 * Runs calls of the file system.
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
    throw new StorageError(path, action, code, systemReasons[code] ?? message)
  }
}

/** A new or renamed file is there after a power cut only if its folder was flushed. */
export const flushFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
