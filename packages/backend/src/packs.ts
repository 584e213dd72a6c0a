import type { MatrixProduct } from './matrix-product.ts'

/**
 * One pack for each matrix, by what holds its numbers and where it lies there: a model may be planned a thousand times,
 * but its weights are packed once. A pack is freed with what holds the numbers.
 */
export class Packs<Pack> {
  readonly #known = new WeakMap<object, Map<string, Pack>>()

  /** The pack of `b`, which `make` makes when it is first asked for. */
  of(holder: object, { k, m, b }: MatrixProduct, make: () => Pack): Pack {
    const known = this.#known.get(holder) ?? new Map<string, Pack>()
    this.#known.set(holder, known)
    const place = [b.offset, b.down, b.across, k, m].join()
    let pack = known.get(place)
    if (pack === undefined) known.set(place, (pack = make()))
    return pack
  }
}
