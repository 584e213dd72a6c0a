import { ShapeError } from '@recurra/tensor'
import type { Kernel, PackedProduct, ProductOf } from '../../backend.ts'
import { matrixProductOf, type Matrix, type MatrixProduct } from '../../matrix-product.ts'
import { f32x4, ModuleBuilder } from '../assembler/index.ts'
import { compile, type Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import type { Part, SharedFunction, ThreadPool } from '../threads/pool.ts'
import { blockDepth, defineBlockedProduct } from './blocked.ts'
import { descriptorSize, writeDescriptor } from './descriptor.ts'
import { defineSingleRowProduct, widestStrip } from './single-row.ts'
import { defineCopy, tileColumns, type MultiplyAdd } from './tile.ts'
import { defineVectorProduct } from './vector.ts'

const float = 4 // bytes
/** Up to so many rows each number of `b` is used too seldom to be worth packing. */
const fewRows = 4
/** Packing costs about as much as a few products with one row. */
const stepsWorthPacking = 4

/** A vector product is shared by so many columns at a time: a cache line belongs to one thread. */
const vectorUnit = 16
/** From so many multiplications on, about 10 microseconds, the help of other threads is worth asking for. */
const worthSharing = 2 ** 18

/** How matrix products run on a WebAssembly heap. */
export interface Products {
  matmul(operands: ProductOf): Kernel
  packedMatmul(operands: ProductOf): PackedProduct
}

const assemble = ({ relaxedSimd }: Features): ModuleBuilder => {
  const multiplyAdd: MultiplyAdd = relaxedSimd ? f32x4.relaxedMadd : (a, b, c) => f32x4.add(c, f32x4.mul(a, b))
  const module = new ModuleBuilder()
  const copy = defineCopy(module)
  defineBlockedProduct(module, multiplyAdd, copy)
  defineSingleRowProduct(module, multiplyAdd, copy)
  defineVectorProduct(module, multiplyAdd)
  return module
}

const addressOf = ({ data, offset }: Matrix): number => data.byteOffset + offset * float

/** The kernels read along rows or along columns, and write along rows. */
const expectDense = ({ n, m, k, out, a, b, start }: MatrixProduct): void => {
  const dense = (x: Matrix | undefined, rows: number, columns: number): boolean => !x || x.across === 1 || columns === 1 || (x.down === 1 || rows === 1)
  if (dense(a, n, k) && dense(b, k, m) && (out.across === 1 || m === 1) && (!start || start.across === 1 || m === 1)) return
  throw new ShapeError({
    where: 'matmul',
    expected: 'rows or columns of a and b, rows of out, and a bias without gaps between their numbers',
    got: `strides [${[out, a, b].map(({ down, across }) => `${down}, ${across}`).join('], [')}]`,
    fix: 'Copy what has gaps first.',
  })
}

/** Dot products read `x` four numbers at a time; sums of rows take it as it lies. */
const suitsVectors = ({ n, k, a, b }: MatrixProduct): boolean => n <= fewRows && (b.across === 1 || a.across === 1 || k === 1)

export const productsOn = (heap: Heap, features: Features, pool: ThreadPool): Products => {
  const { module, exports } = compile(assemble(features), heap.memory)
  const shared = (name: string): SharedFunction => pool.share(module, name, exports[name] as Part)
  const [pack, multiply, multiplyRow] = [shared('pack'), shared('multiply'), shared('multiplyRow')]
  const [packAndMultiply, multiplyVector] = [shared('packAndMultiply'), shared('multiplyVector')]
  const zeros = heap.fixed(widestStrip)
  const alive = new WeakMap<Kernel, unknown>()

  /** Writes a product down where the kernels read it, with room for so much of packed `b`. */
  const bind = (product: MatrixProduct, depth: number): Bound => {
    const { n, k, m, out, a, b, start } = product
    expectDense(product)
    const panels = Math.ceil(m / tileColumns)
    const packed = heap.floats(panels * tileColumns * depth)
    const descriptor = heap.indices(descriptorSize)
    writeDescriptor(descriptor, {
      rows: n, columns: m, depth: k,
      a: addressOf(a), aPerStep: a.perStep * float, aDown: a.down * float, aAcross: a.across * float,
      b: addressOf(b), bDown: b.down * float, bAcross: b.across * float, packed: packed.byteOffset,
      out: addressOf(out), outPerStep: out.perStep * float, outDown: out.down * float,
      start: start ? addressOf(start) : zeros,
      startPerStep: (start?.perStep ?? 0) * float, startDown: (start?.down ?? 0) * float, startAcross: (start?.across ?? 0) * float,
    })
    const held = [descriptor, packed, out.data, a.data, b.data, start?.data]
    const address = descriptor.byteOffset | 0
    return {
      task(run, operations) {
        const byColumns = run === multiplyVector
        const units = byColumns ? Math.ceil(m / vectorUnit) : panels
        const kernel = pool.bind({ function: run, address, units, ...(byColumns && { scale: vectorUnit, limit: m }) }, operations > worthSharing)
        alive.set(kernel, held)
        return kernel
      },
    }
  }

  const vector = (product: MatrixProduct): Kernel => bind(product, 0).task(multiplyVector, work(product))

  return {
    matmul: (operands) => {
      const product = matrixProductOf(operands)
      if (suitsVectors(product)) return vector(product)
      return bind(product, Math.min(product.k, blockDepth)).task(packAndMultiply, work(product))
    },
    packedMatmul: (operands) => {
      const product = matrixProductOf(operands)
      if (product.steps < stepsWorthPacking && suitsVectors(product)) return { prepare: () => {}, run: vector(product) }
      const bound = bind(product, product.k)
      const prepare = bound.task(pack, product.k * product.m)
      return { prepare: () => prepare(0), run: bound.task(product.n === 1 ? multiplyRow : multiply, work(product)) }
    },
  }
}

/** A product that was written down: kernels over it. */
interface Bound {
  task(run: SharedFunction, operations: number): Kernel
}

const work = ({ n, k, m }: MatrixProduct): number => n * k * m
