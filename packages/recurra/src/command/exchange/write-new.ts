import { existsSync } from 'node:fs'
import { writeDurably } from '@recurra/formats/disk'
import { ValueError } from '@recurra/tensor'

/** Throws unless a place is free, or may be overwritten. */
export const expectFree = (path: string, force: boolean): void => {
  if (!force && existsSync(path))
    throw new ValueError({
      where: path,
      expected: 'a name that is free',
      got: 'one that is taken',
      fix: 'Choose another one, or overwrite it with --force.',
    })
}

/** Writes a file whole or not at all; one that is there is only overwritten by force. */
export const writeNew = async (path: string, bytes: Uint8Array | string, force: boolean): Promise<void> => {
  expectFree(path, force)
  await writeDurably(path, bytes)
}
