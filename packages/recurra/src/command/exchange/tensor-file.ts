import { existsSync } from 'node:fs'
import { writeSafetensors } from '@recurra/formats'
import { writeDurably } from '@recurra/formats/disk'
import { ValueError, type NamedTensor } from '@recurra/tensor'
import { UsageError } from '../../terminal/usage-error.ts'

/** Tensors as a file of the kind that the ending of its name says. */
export const tensorFile = async (
  path: string,
  tensors: readonly NamedTensor[],
  metadata?: Readonly<Record<string, string>>,
): Promise<Uint8Array> => {
  if (path.endsWith('.safetensors')) return writeSafetensors(tensors, metadata)
  if (path.endsWith('.npz')) return (await import('@recurra/formats/npz')).writeNpz(tensors)
  throw new UsageError({
    where: path,
    expected: 'a file whose name ends in .safetensors or .npz',
    got: 'another ending',
    fix: 'See --help.',
  })
}

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
