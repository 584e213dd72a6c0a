import {
  groupsOf, matrixProductOf, packedProductOf, type BatchedProductOf, type Kernel, type Matrix, type MatrixProduct,
  type PackedProduct, type ProductOf,
} from '@recurra/backend/authoring'
import { spread, type Device } from './device/device.ts'
import { productCode, type ProductCode, type ProductShape } from './wgsl/product-code.ts'

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

  constructor(device: Device) {
    this.#device = device
  }

  matmul(operands: ProductOf): Kernel {
    return this.#bind([matrixProductOf(operands)])
  }

  batchedMatmul(operands: BatchedProductOf): Kernel {
    return this.#bind(groupsOf(operands))
  }

  packedMatmul(operands: ProductOf): PackedProduct {
    return { prepare: () => {}, run: this.#bind([packedProductOf(operands)]) }
  }

  /** All groups have the same distance. */
  #bind([product, next = product, ...others]: readonly MatrixProduct[]): Kernel {
    if (!product) return () => {}
    const { n, k, m, out, a, b, start } = product
    const matrices = [out, a, b, start ?? out]
    const bound = this.#device.locate(matrices)
    if (!bound || n * m === 0) return () => {}
    const [y, x, w, from] = bound.at.map(({ slot }) => slot) as [number, number, number, number]
    const shape = shapeOf(n, m)
    const code: ProductCode = {
      shape, slots: { out: y, a: x, b: w, start: from }, contiguous: { a: contiguous(a), b: contiguous(b) },
    }
    const distances = [next!.out, next!.a, next!.b, next!.start ?? next!.out].map(({ offset }, i) =>
      offset - matrices[i]!.offset)
    const rows = [
      [n, k, m, Number(start !== undefined)],
      ...matrices.map(({ offset, perStep, down, across }, i) =>
        [bound.at[i]!.start + offset, perStep, down, across]),
      distances,
    ]
    const groups = next === product ? 1 : others.length + 2
    const workgroups = [...spread(workgroupsOf(n, m, shape)), groups] as const
    return this.#device.kernel([this.#device.bind({ code: productCode(code), rows, bound, workgroups })])
  }
}
