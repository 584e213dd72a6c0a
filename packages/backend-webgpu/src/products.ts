import {
  groupsOf, matrixProductOf, packedProductOf, type BatchedProductOf, type Kernel, type Matrix, type MatrixProduct,
  type PackedProduct, type ProductOf,
} from '@recurra/backend/authoring'
import { spread, type Device } from './device/device.ts'
import type { Location } from './device/memory.ts'
import { loopable } from './loopable.ts'
import type { LoopPart, RowOperand, RowWork } from './row-work.ts'
import type { DeviceMatrix, WeightCopies } from './weight-copies.ts'
import { deepest, rowOfProduct } from './wgsl/loop-code.ts'
import { productCode, type ProductCode, type ProductShape } from './wgsl/product-code.ts'

/** A product whose `b` may be float16. */
interface DeviceProduct extends MatrixProduct {
  readonly b: DeviceMatrix
}

const shapeOf = (n: number, m: number): ProductShape => {
  if (n <= 4) return { kind: 'columns', across: 16, lanes: 8 }
  if (n <= 16 || m <= 16) return { kind: 'tiles', size: 16, each: 1 }
  return n <= 48 || m <= 48 ? { kind: 'tiles', size: 32, each: 2 } : { kind: 'tiles', size: 64, each: 4 }
}

const workgroupsOf = (n: number, m: number, shape: ProductShape): number =>
  shape.kind === 'columns'
    ? n * Math.ceil(m / shape.across)
    : Math.ceil(n / shape.size) * Math.ceil(m / shape.size)

const contiguous = ({ across }: Matrix): 'down' | 'across' => (across === 1 ? 'across' : 'down')

/** Binds matrix products as kernels of the device, each as one dispatch. */
export class Products {
  readonly #device: Device
  readonly #copies: WeightCopies

  constructor(device: Device, copies: WeightCopies) {
    this.#device = device
    this.#copies = copies
  }

  matmul(operands: ProductOf): Kernel {
    return this.#loopable(matrixProductOf(operands))
  }

  batchedMatmul(operands: BatchedProductOf): Kernel {
    return this.#bind(groupsOf(operands))
  }

  /** Weights that are kept as float16, or whose rows have gaps as in a backward pass, are copied first. */
  packedMatmul(operands: ProductOf): PackedProduct {
    const product = packedProductOf(operands)
    const copy = this.#copies.of(product, operands.b)
    if (!copy) return { prepare: () => {}, run: this.#loopable(product) }
    return { prepare: copy.prepare, run: this.#loopable({ ...product, b: copy.matrix }) }
  }

  #loopable(product: DeviceProduct): Kernel {
    return loopable(this.#device, this.#bind([product]), partOf(product))
  }

  /** All groups have the same distance. */
  #bind([product, next = product, ...others]: readonly DeviceProduct[]): Kernel {
    if (!product) return () => {}
    const { n, m } = product
    const matrices = matricesOf(product)
    const bound = this.#device.locate(matrices)
    if (!bound || n * m === 0) return () => {}
    const shape = shapeOf(n, m)
    const perGroup = matricesOf(next!).map(({ offset }, i) => offset - matrices[i]!.offset)
    const rows = [...tableOf(product, bound.at), perGroup]
    const groups = next === product ? 1 : others.length + 2
    const workgroups = [...spread(workgroupsOf(n, m, shape)), groups] as const
    const code = productCode(codeOf(product, bound.at.map(({ slot }) => slot)), shape)
    return this.#device.kernel([{ code, rows, bound, workgroups }])
  }
}

const matricesOf = ({ out, a, b, start = out }: DeviceProduct): readonly DeviceMatrix[] =>
  [out, a, b, start]

const tableOf = (product: DeviceProduct, at: readonly Location[]): readonly (readonly number[])[] => [
  [product.n, product.k, product.m, Number(product.start !== undefined)],
  ...matricesOf(product).map(({ offset, perStep, down, across, half }, i) =>
    [(half ? 2 : 1) * (at[i]!.start + offset), perStep, down, across]),
]

const codeOf = ({ a, b }: DeviceProduct, slots: readonly number[]): ProductCode => {
  const [out, x, w, start] = slots as [number, number, number, number]
  const [across, half] = [{ a: contiguous(a), b: contiguous(b) }, b.half ?? false]
  return { slots: { out, a: x, b: w, start }, contiguous: across, half }
}

/** A product in a loop: a row of `out` needs the same row of `a`, and all of `b`. */
const partOf = (product: DeviceProduct): LoopPart => {
  const { n, k, m, out, a, b, start = out } = product
  const operand = (matrix: Matrix, width: number, written = false): RowOperand =>
    ({ tensor: matrix, place: { ...matrix, perRow: matrix.down }, width: matrix.down === 0 ? 0 : width, written })
  const work: RowWork = {
    operands: [operand(out, m, true), operand(a, k), operand(b, 0), operand(start, m)],
    columns: m,
    cost: k * m,
    table: (at) => tableOf(product, at),
    code: (slots, base, threads) => rowOfProduct(codeOf(product, slots), k, base, threads),
  }
  const fits = k > 0 && k <= deepest && out.across === 1 && (a.across === 1 || k === 1) && n * m > 0
  return { rows: n, elements: n * m, onRows: (rows) => (fits && rows === n ? [work] : undefined) }
}
