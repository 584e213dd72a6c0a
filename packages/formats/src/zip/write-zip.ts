import { ValueError } from '@recurra/tensor'
import { zipSync } from 'fflate'

/** The largest size that a zip file can state. */
const most = 2 ** 32 - 1

/**
 * A zip file of files, dated the first day that a zip file can name, so that the same files give the same bytes.
 * @throws `ValueError` if it exceeds 4 GiB.
 */
export const writeZip = (
  files: readonly (readonly [name: string, bytes: Uint8Array])[], where: string, compress = false,
): Uint8Array => {
  const size = files.reduce((sum, [name, { length }]) => sum + length + 4 * name.length + 1000, 0)
  if (size > most)
    throw new ValueError({
      where,
      expected: 'less than 4 GiB',
      got: `${size} bytes`,
      fix: 'Use writeSafetensors.',
    })
  return zipSync(Object.fromEntries(files), { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) })
}
