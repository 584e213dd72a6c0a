import type { Floats } from '@recurra/tensor'
import type { MatrixProduct } from '../../matrix-product.ts'
import type { Heap } from '../heap.ts'

/** A matrix `b` in panels, for all products with it. */
export interface Pack {
  readonly data: Floats
  /** The revisions of the matrix at which it was last used, and last packed. */
  met: number
  kept: number
}

/**
 * One pack per matrix: a model may be planned a thousand times, but its weights are packed once. The pack belongs to
 * the matrix and is freed with it.
 */
export const packsOn = (
  heap: Heap,
  roomFor: (product: MatrixProduct, depth: number) => Floats,
): ((product: MatrixProduct) => Pack) => {
  const packs = new WeakMap<object, Map<string, Pack>>()
  return (product) => {
    const { k, m, b: { data, offset, down, across } } = product
    const known = packs.get(data) ?? new Map<string, Pack>()
    packs.set(data, known)
    const key = [offset, down, across, k, m].join()
    let pack = known.get(key)
    if (!pack) {
      const [room] = heap.scope(() => roomFor(product, k), data)
      known.set(key, (pack = { data: room, met: -1, kept: -1 }))
    }
    return pack
  }
}
