import type { Kernel, PackedProduct, ProductOf } from '../../backend.ts'
import { matrixProductOf, type Matrix, type MatrixProduct } from '../../matrix-product.ts'
import { f32x4, ModuleBuilder } from '../assembler/index.ts'
import { instantiate, type Features } from '../engine.ts'
import type { Heap } from '../heap.ts'
import { blockDepth, defineBlockedProduct, scratchSize } from './blocked.ts'
import { descriptorSize, writeDescriptor } from './descriptor.ts'
import { tileColumns, type MultiplyAdd } from './tile.ts'
import { defineVectorProduct } from './vector.ts'

const float = 4 // bytes
/** Up to so many rows each number of `b` is used too seldom to be worth packing. */
const fewRows = 4

/** How matrix products run on a WebAssembly heap. */
export interface Products {
  matmul(operands: ProductOf): Kernel
  packedMatmul(operands: ProductOf): PackedProduct
}

type Exports = {
  readonly pack: (product: number, from: number, to: number) => void
  readonly multiply: (product: number, step: number, from: number, to: number, scratch: number) => void
  readonly packAndMultiply: (product: number, step: number, from: number, to: number, scratch: number) => void
  readonly multiplyVector: (product: number, step: number, from: number, to: number) => void
}

const assemble = ({ relaxedSimd }: Features): ModuleBuilder => {
  const multiplyAdd: MultiplyAdd = relaxedSimd ? f32x4.relaxedMadd : (a, b, c) => f32x4.add(c, f32x4.mul(a, b))
  const module = new ModuleBuilder()
  defineBlockedProduct(module, multiplyAdd)
  defineVectorProduct(module, multiplyAdd)
  return module
}

const addressOf = ({ data, offset }: Matrix): number => data.byteOffset + offset * float

/** Dot products read `x` four numbers at a time; sums of rows take it as it lies. */
const suitsVectors = ({ n, k, a, b }: MatrixProduct): boolean => n <= fewRows && (b.across === 1 || a.across === 1 || k === 1)

export const productsOn = (heap: Heap, features: Features): Products => {
  const run = instantiate(assemble(features), heap.memory) as unknown as Exports
  const [scratch, zeros] = [heap.fixed(scratchSize), heap.fixed(tileColumns)]
  const alive = new WeakMap<Kernel, unknown>()

  /** Writes a product down where the kernels read it, with room for so much of packed `b`. */
  const bind = (product: MatrixProduct, depth: number, make: (address: number, panels: number) => Kernel): Kernel => {
    const { n, k, m, out, a, b, start } = product
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
    const kernel = make(descriptor.byteOffset | 0, panels)
    alive.set(kernel, [descriptor, packed, out.data, a.data, b.data, start?.data])
    return kernel
  }

  const vector = (product: MatrixProduct): Kernel =>
    bind(product, 0, (address) => (step) => run.multiplyVector(address, step, 0, product.m))

  return {
    matmul: (operands) => {
      const product = matrixProductOf(operands)
      if (suitsVectors(product)) return vector(product)
      return bind(product, Math.min(product.k, blockDepth), (address, panels) => (step) => run.packAndMultiply(address, step, 0, panels, scratch))
    },
    packedMatmul: (operands) => {
      const product = matrixProductOf(operands)
      if (product.n === 1 && suitsVectors(product)) return { prepare: () => {}, run: vector(product) }
      let prepare = (): void => {}
      const multiply = bind(product, product.k, (address, panels) => {
        prepare = () => run.pack(address, 0, panels)
        return (step) => run.multiply(address, step, 0, panels, scratch)
      })
      return { prepare, run: multiply }
    },
  }
}
