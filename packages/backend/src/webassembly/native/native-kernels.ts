import type { Heap } from '../heap.ts'
import { sharing, type ProductKernels } from '../matmul/kernels.ts'
import type { ThreadPool } from '../threads/pool.ts'
import type { Native } from './native.ts'

/** The kernels of the addon, on the same memory and the same descriptors. */
export const nativeKernels = (
  { memory }: Heap,
  { file, instructions, panelColumns, panelDepth, on }: Native,
  pool: ThreadPool,
): ProductKernels => {
  const shared = sharing(pool, { addon: file, instructions }, { ...on(memory, new Uint8Array(memory.buffer)) })
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
