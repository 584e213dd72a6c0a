import type { Kernel, PackedProduct } from '../../backend.ts'
import { groupsOf, matrixProductOf, packedProductOf, type MatrixProduct } from '../../matrix-product.ts'
import { Packs } from '../../packs.ts'
import type { BatchedProductOf, ProductOf } from '../../product-of.ts'
import type { Floats } from '@recurra/tensor'
import type { Heap } from '../heap.ts'
import type { Revisions } from '../../revisions.ts'
import type { ThreadPool } from '../threads/pool.ts'
import type { SharedFunction } from '../threads/divisible-work.ts'
import { describerOn } from './describer.ts'
import { descriptorSize } from './descriptor.ts'
import type { ProductKernels } from './kernels.ts'

/** Packing costs about as much as a few products with one row. */
const stepsWorthPacking = 4

/**
 * From this many numbers on that are read once, about 10 microseconds, it pays to share the work with other threads.
 */
const worthReadingTogether = 2 ** 18

/** Matrix products on a WebAssembly heap. */
export interface Products {
  matmul(operands: ProductOf): Kernel
  batchedMatmul(operands: BatchedProductOf): Kernel
  packedMatmul(operands: ProductOf): PackedProduct
}

/** Dot products read `x` four numbers at a time; sums of rows read it in place. */
const readableInPlace = ({ k, a, b }: MatrixProduct): boolean => b.across === 1 || a.across === 1 || k === 1

/** A matrix `b` in panels, for all products with it. */
interface Pack {
  readonly data: Floats
  /** The revisions of the matrix at which it was last used, and last packed. */
  met: number
  kept: number
}

/** Kernels over a product with a descriptor in memory. */
type Bound = (run: SharedFunction, shared: boolean) => Kernel

export const productsOn = (heap: Heap, pool: ThreadPool, kernels: ProductKernels, revisions: Revisions): Products => {
  const {
    panelColumns,
    fewRows,
    panelDepth,
    worthSharing,
    pack: packPanels,
    multiply,
    multiplyRows,
    packAndMultiply,
    multiplyInPlace,
    inPlaceColumns,
    each,
  } = kernels
  const { roomFor, write } = describerOn(heap, panelColumns)
  const packs = new Packs<Pack>()
  const packOf = (product: MatrixProduct): Pack => packs.of(product.b.data, product, () => {
    const [data] = heap.scope(() => roomFor(product, product.k), product.b.data)
    return { data, met: -1, kept: -1 }
  })
  const alive = new WeakMap<Kernel, unknown>()

  const suitsInPlace = (product: MatrixProduct): boolean => product.n <= fewRows && readableInPlace(product)
  const packedFor = ({ n }: MatrixProduct): SharedFunction => (n <= fewRows ? multiplyRows : multiply)

  const sharesProduct = ({ n, k, m }: MatrixProduct): boolean =>
    n * k * m >= (n <= fewRows ? worthReadingTogether : worthSharing)
  const sharesPacking = ({ k, m }: MatrixProduct): boolean => k * m >= worthReadingTogether

  /** Writes the descriptor of a product, with memory for a packed `b`. */
  const describe = (product: MatrixProduct, packed: Floats): Bound => {
    const { m, out, a, b, start } = product
    const descriptor = heap.indices(descriptorSize)
    write(descriptor, product, packed)
    const held = [descriptor, packed, out.data, a.data, b.data, start?.data]
    const address = descriptor.byteOffset | 0
    return (run, shared) => {
      const columns = run === multiplyInPlace ? inPlaceColumns : undefined
      const range = columns
        ? { units: Math.ceil(m / columns), scale: columns, limit: m }
        : { units: Math.ceil(m / panelColumns) }
      const kernel = pool.bind({ function: run, address, ...range }, shared)
      alive.set(kernel, held)
      return kernel
    }
  }

  /**
   * A product with a few rows. When `b` has not changed since the last call, as in a stream, it reads `b` from packed
   * panels, in order of use; the result is bit-identical.
   */
  const withFewRows = (product: MatrixProduct): Kernel => {
    const { b } = product
    const shares = sharesProduct(product)
    if (b.across !== 1 || b.perStep !== 0) return describe(product, roomFor(product, 0))(multiplyInPlace, shares)
    const pack = packOf(product)
    const bound = describe(product, pack.data)
    const [inPlace, prepare, packed] = [
      bound(multiplyInPlace, shares),
      bound(packPanels, sharesPacking(product)),
      bound(packedFor(product), shares),
    ]
    const writes = revisions.of(b.data)
    return (step) => {
      const { count } = writes
      if (count === pack.kept) return packed(step)
      if (count !== pack.met) {
        pack.met = count
        return inPlace(step)
      }
      prepare(0)
      pack.kept = count
      packed(step)
    }
  }

  const bind = (product: MatrixProduct): Kernel =>
    suitsInPlace(product)
      ? withFewRows(product)
      : describe(product, roomFor(product, Math.min(product.k, panelDepth)))(packAndMultiply, sharesProduct(product))

  /** Small products, one call for all of them; a thread takes whole groups. */
  const together = (products: readonly MatrixProduct[], functions: NonNullable<typeof each>): Kernel => {
    const [first] = products as [MatrixProduct]
    const { n, k, m } = first
    const inPlace = suitsInPlace(first)
    const shares = products.length * n * k * m >= (inPlace ? worthReadingTogether : worthSharing)
    const depth = inPlace ? 0 : Math.min(k, panelDepth)
    const shared = roomFor(first, shares ? 0 : depth)
    const descriptors = heap.indices(descriptorSize * products.length)
    const held: unknown[] = [descriptors]
    products.forEach((product, g) => {
      const packed = shares ? roomFor(product, depth) : shared
      write(descriptors.subarray(g * descriptorSize, (g + 1) * descriptorSize), product, packed)
      held.push(packed, product.out.data, product.a.data, product.b.data, product.start?.data)
    })
    const run = inPlace ? functions.multiplyInPlace : functions.packAndMultiply
    const kernel = pool.bind({ function: run, address: descriptors.byteOffset | 0, units: products.length }, shares)
    alive.set(kernel, held)
    return kernel
  }

  return {
    matmul: (operands) => bind(matrixProductOf(operands)),
    batchedMatmul: (operands) => {
      const products = groupsOf(operands)
      if (each && products.length > 0 && !sharesProduct(products[0]!)) return together(products, each)
      const kernels = products.map(bind)
      return (step) => {
        for (let g = 0; g < kernels.length; g++) kernels[g]!(step)
      }
    },
    packedMatmul: (operands) => {
      const product = packedProductOf(operands)
      if (product.steps < stepsWorthPacking && suitsInPlace(product))
        return { prepare: () => {}, run: withFewRows(product) }
      const pack = packOf(product)
      const bound = describe(product, pack.data)
      const prepare = bound(packPanels, sharesPacking(product))
      const writes = revisions.of(product.b.data)
      return {
        prepare: () => {
          if (pack.kept === writes.count) return // as in every step of a stream but the first
          prepare(0)
          pack.kept = writes.count
        },
        run: bound(packedFor(product), sharesProduct(product)),
      }
    },
  }
}
