import { sizeOf, type Tensor } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { extended } from '../scopes.ts'

/** What the kernels of a plan read. */
export interface Reads {
  /** The tensors that are the `b` of a product. */
  readonly products: readonly Tensor[]
  /** The tensors whose rows are gathered. */
  readonly tables: readonly Tensor[]
}

/** A backend that records. */
export interface Recording {
  /** To plan on. */
  readonly backend: Backend
  /** What that plan reads, once it is made. */
  readonly reads: Reads
}

/** A backend for a plan that is never run, over the memory of another one, and what that plan reads. */
export const recordingBackend = (over: Backend): Recording => {
  const [products, tables]: [Tensor[], Tensor[]] = [[], []]
  const nothing: Kernel = () => undefined
  const backend = extended(over, (machine) => ({
    ...machine,
    matmul({ b }) {
      products.push(b)
      return nothing
    },
    packedMatmul({ b }) {
      products.push(b)
      return { prepare: () => undefined, run: nothing }
    },
    gather({ table }) {
      tables.push(table)
      return nothing
    },
  }))
  return { backend, reads: { products, tables } }
}

/** Whether a matrix is among what is read, as a whole, or some of its rows and columns, but not transposed. */
export const isReadIn = (reads: readonly Tensor[], { data, offset: from, shape, stride: [row] }: Tensor): boolean =>
  shape.length === 2 && reads.some(({ data: own, offset, shape: { length }, stride }) =>
    own === data && from <= offset && offset < from + sizeOf(shape) && length === 2 && stride[0] === row)
