import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, formula } from '@recurra/formula'
import { asRows, transposed, type Tensor } from '@recurra/tensor'
import { features, withoutPadding } from './kernels.ts'
import type { CallShape } from './layer.ts'
import { wantsGradient, type Variable, type Wire } from './variable.ts'

/** The product of a wire with a weight, row by row: [rows, features] · [features, size]. */
export interface Weighted {
  /** out = x·W + bias; padding gives anything. */
  ahead(out: Tensor, bias?: Tensor): readonly Kernel[]
  /**
   * From the gradient of what came out, whose padding is 0: that of W is accumulated, and that of x overwritten where
   * it is wanted.
   */
  back(dy: Tensor): readonly Kernel[]
}

const addBias = formula({ unit: ['bias'] }, ({ bias }) => ({ y: accumulate(bias) }))

/**
 * Binds a wire to the weight that it is multiplied by. Of 1-of-k rows nothing is multiplied: they name rows of the
 * weight.
 */
export const weighted = (backend: Backend, wire: Wire, weight: Variable, callShape: CallShape): Weighted => {
  const { symbols } = wire
  if (symbols)
    return {
      ahead: (out, bias) => [
        backend.gather({ out, table: weight.value, indices: symbols }),
        ...(bias ? [backend.formula(addBias, { bias, y: out })] : []),
      ],
      back: (dy) => [backend.scatterAdd({ table: weight.grad, rows: dy, indices: symbols })],
    }
  const { x, clean } = withoutPadding(backend, features(wire), callShape)
  return {
    ahead: (out, bias) => [...clean, backend.matmul({ out, a: x, b: weight.value, ...(bias && { bias }) })],
    back: (dy) => [
      ...(wantsGradient(wire) ? [backend.matmul({ out: asRows(wire.grad), a: dy, b: transposed(weight.value) })] : []),
      backend.matmul({ out: weight.grad, a: transposed(x), b: dy, accumulate: true }),
    ],
  }
}
