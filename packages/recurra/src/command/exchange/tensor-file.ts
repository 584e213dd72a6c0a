import { writeSafetensors } from '@recurra/formats'
import type { NamedTensor } from '@recurra/tensor'
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
