import { ShapeError } from '@recurra/tensor'
import type { Kernel, PackedProduct, ProductOf } from '../../backend.ts'
import { matrixProductOf, type Matrix, type MatrixProduct } from '../../matrix-product.ts'
import type { Heap } from '../heap.ts'
import type { Revisions } from '../revisions.ts'
import type { SharedFunction, ThreadPool } from '../threads/pool.ts'
import { float } from './addresses.ts'
import { descriptorSize, writeDescriptor } from './descriptor.ts'
import type { ProductKernels } from './kernels.ts'
import { widestStrip } from './rows.ts'

/** Packing costs about as much as a few products with one row. */
const stepsWorthPacking = 4

/** From so many numbers on that are read once, about 10 microseconds, the help of other threads is worth asking for. */
const worthReadingTogether = 2 ** 18

/** How matrix products run on a WebAssembly heap. */
export interface Products {
  matmul(operands: ProductOf): Kernel
  packedMatmul(operands: ProductOf): PackedProduct
}

const addressOf = ({ data, offset }: Matrix): number => data.byteOffset + offset * float

/** The kernels read along rows or along columns, and write along rows. */
const expectDense = ({ n, m, k, out, a, b, start }: MatrixProduct): void => {
  const dense = (x: Matrix | undefined, rows: number, columns: number): boolean =>
    !x || x.across === 1 || columns === 1 || x.down === 1 || rows === 1
  if (dense(a, n, k) && dense(b, k, m) && (out.across === 1 || m === 1) && (!start || start.across === 1 || m === 1))
    return
  throw new ShapeError({
    where: 'matmul',
    expected: 'rows or columns of a and b, rows of out, and a bias without gaps between their numbers',
    got: `strides [${[out, a, b].map(({ down, across }) => `${down}, ${across}`).join('], [')}]`,
    fix: 'Copy what has gaps first.',
  })
}

/** Dot products read `x` four numbers at a time; sums of rows take it as it lies. */
const readableInPlace = ({ k, a, b }: MatrixProduct): boolean => b.across === 1 || a.across === 1 || k === 1

/** A product that was written down: kernels over it. */
type Bound = (run: SharedFunction, shared: boolean) => Kernel

export const productsOn = (heap: Heap, pool: ThreadPool, kernels: ProductKernels, revisions: Revisions): Products => {
  const {
    panelColumns,
    fewRows,
    panelDepth,
    worthSharing,
    pack,
    multiply,
    multiplyRows,
    packAndMultiply,
    multiplyInPlace,
    inPlaceColumns,
  } = kernels
  const zeros = heap.fixed(widestStrip)
  const alive = new WeakMap<Kernel, unknown>()

  const suitsInPlace = (product: MatrixProduct): boolean => product.n <= fewRows && readableInPlace(product)
  const packedFor = ({ n }: MatrixProduct): SharedFunction => (n <= fewRows ? multiplyRows : multiply)

  const sharesProduct = ({ n, k, m }: MatrixProduct): boolean =>
    n * k * m >= (n <= fewRows ? worthReadingTogether : worthSharing)
  const sharesPacking = ({ k, m }: MatrixProduct): boolean => k * m >= worthReadingTogether

  /** Writes a product down where the kernels read it, with room for so much of packed `b`. */
  const describe = (product: MatrixProduct, depth: number): Bound => {
    const { n, k, m, out, a, b, start } = product
    expectDense(product)
    const panels = Math.ceil(m / panelColumns)
    const packed = heap.floats(panels * panelColumns * depth)
    const descriptor = heap.indices(descriptorSize)
    writeDescriptor(descriptor, {
      rows: n,
      columns: m,
      depth: k,
      a: addressOf(a),
      aPerStep: a.perStep * float,
      aDown: a.down * float,
      aAcross: a.across * float,
      b: addressOf(b),
      bDown: b.down * float,
      bAcross: b.across * float,
      packed: packed.byteOffset,
      out: addressOf(out),
      outPerStep: out.perStep * float,
      outDown: out.down * float,
      start: start ? addressOf(start) : zeros,
      startPerStep: (start?.perStep ?? 0) * float,
      startDown: (start?.down ?? 0) * float,
      startAcross: (start?.across ?? 0) * float,
    })
    const held = [descriptor, packed, out.data, a.data, b.data, start?.data]
    const address = descriptor.byteOffset | 0
    return (run, shared) => {
      const columns = run === multiplyInPlace ? inPlaceColumns : undefined
      const range = columns ? { units: Math.ceil(m / columns), scale: columns, limit: m } : { units: panels }
      const kernel = pool.bind({ function: run, address, ...range }, shared)
      alive.set(kernel, held)
      return kernel
    }
  }

  /**
   * A product with a few rows. From the second time on that it meets `b` as it was, as a stream does, it reads it in
   * the order in which it uses it, from panels; what it computes is the same to the bit.
   */
  const withFewRows = (product: MatrixProduct): Kernel => {
    const { k, b } = product
    const shares = sharesProduct(product)
    if (b.across !== 1) return describe(product, 0)(multiplyInPlace, shares)
    const bound = describe(product, k)
    const [inPlace, prepare, packed] = [
      bound(multiplyInPlace, shares),
      bound(pack, sharesPacking(product)),
      bound(packedFor(product), shares),
    ]
    const writes = revisions.of(b.data)
    let [met, kept] = [-1, -1] // as of which write
    return (step) => {
      const { count } = writes
      if (count === kept) return packed(step)
      if (count !== met) {
        met = count
        return inPlace(step)
      }
      prepare(0)
      kept = count
      packed(step)
    }
  }

  return {
    matmul: (operands) => {
      const product = matrixProductOf(operands)
      if (suitsInPlace(product)) return withFewRows(product)
      return describe(product, Math.min(product.k, panelDepth))(packAndMultiply, sharesProduct(product))
    },
    packedMatmul: (operands) => {
      const product = matrixProductOf(operands)
      if (product.steps < stepsWorthPacking && suitsInPlace(product))
        return { prepare: () => {}, run: withFewRows(product) }
      const bound = describe(product, product.k)
      const prepare = bound(pack, sharesPacking(product))
      return { prepare: () => prepare(0), run: bound(packedFor(product), sharesProduct(product)) }
    },
  }
}
