import { writeSafetensors, type StoredTensor, type TensorToStore } from '@recurra/formats'
import { UsageError } from '../../terminal/usage-error.ts'

const zipped = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b // "PK"

/**
 * The tensors of a .npz or a .safetensors file, with the texts that go with them; which of the two, its first bytes
 * say.
 */
export const tensorsOf = async (
  bytes: Uint8Array,
): Promise<{ readonly tensors: ReadonlyMap<string, StoredTensor>; readonly metadata: ReadonlyMap<string, string> }> => {
  if (zipped(bytes)) return { tensors: (await import('@recurra/formats/npz')).readNpz(bytes), metadata: new Map() }
  return (await import('@recurra/formats')).readSafetensors(bytes)
}

/** Tensors as a file of the kind that the ending of its name says. */
export const tensorFile = async (
  path: string,
  tensors: readonly TensorToStore[],
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
