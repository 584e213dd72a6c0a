import { ConfigurationError } from '@recurra/tensor'
import type { Heap } from '../heap.ts'
import { sharing, type ProductKernels } from '../matmul/kernels.ts'
import type { SharedFunction } from '../threads/divisible-work.ts'
import type { ThreadPool } from '../threads/pool.ts'
import type { NativeKernels } from './kernels.ts'
import type { Native } from './native.ts'

/**
 * The kernels of the addon, on the same memory and the same descriptors.
 * @throws `ConfigurationError` if the addon lacks one of them, since it was built from other sources.
 */
export const nativeKernels = (
  { memory }: Heap,
  { file, instructions, panelColumns, panelDepth, on }: Native,
  pool: ThreadPool,
): ProductKernels => {
  const own = { ...on(memory, new Uint8Array(memory.buffer)) }
  const share = sharing(pool, { addon: file, instructions }, own)
  const shared = (name: keyof NativeKernels): SharedFunction => {
    if (own[name]) return share(name)
    throw new ConfigurationError({
      where: 'native matmul', expected: 'an addon that was built with this version', got: `one without ${name}`,
      fix: 'In a clone, build it again with `npm run native`; otherwise install both packages in one version.',
    })
  }
  const multiply = shared('multiply')
  return {
    panelColumns,
    panelDepth,
    multiply,
    fewRows: 6,
    worthSharing: 2 ** 19,
    multiplyRows: multiply,
    pack: shared('pack'),
    packAndMultiply: shared('packAndMultiply'),
    multiplyInPlace: shared('multiplyInPlace'),
    each: { packAndMultiply: shared('packAndMultiplyEach'), multiplyInPlace: shared('multiplyInPlaceEach') },
  }
}
