import { ShapeError, type Floats } from '@recurra/tensor'
import type { Matrix, MatrixProduct } from '../../matrix-product.ts'
import { addressOf, type Heap } from '../heap.ts'
import { float } from './addresses.ts'
import { writeDescriptor } from './descriptor.ts'
import { widestStrip } from './rows.ts'

/** Writes descriptors of products to the memory from which the kernels read them. */
export interface Describer {
  /** Allocates memory for this much of a packed `b`. */
  roomFor(product: MatrixProduct, depth: number): Floats
  /** @throws `ShapeError` if an operand has gaps where the kernels read adjacent elements. */
  write(descriptor: Int32Array, product: MatrixProduct, packed: Floats): void
}

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

export const describerOn = (heap: Heap, panelColumns: number): Describer => {
  const zeros = heap.fixed(widestStrip)
  return {
    roomFor: ({ m }, depth) => heap.floats(Math.ceil(m / panelColumns) * panelColumns * depth),
    write: (descriptor, product, packed) => {
      const { n, k, m, out, a, b, start } = product
      expectDense(product)
      writeDescriptor(descriptor, {
        rows: n,
        columns: m,
        depth: k,
        a: addressOf(a),
        aPerStep: a.perStep * float,
        aDown: a.down * float,
        aAcross: a.across * float,
        b: addressOf(b),
        bPerStep: b.perStep * float,
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
    },
  }
}
