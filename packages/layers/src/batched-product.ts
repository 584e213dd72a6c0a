import type { Backend, Kernel } from '@recurra/backend'
import { transposed, type Tensor } from '@recurra/tensor'
import type { TapeOperation } from './claims.ts'
import { requiresGradient, type Variable } from './variable.ts'

/** What a product of a `Tape` does. */
export interface ProductOptions {
  /** Adds to y: y += a·b. Default: false. */
  readonly accumulate?: boolean
  /** Which of the two is given as its transpose. Default: none. */
  readonly transpose?: 'a' | 'b' | undefined
}

/** y = a·b, one product per group: [groups, n, k] · [groups, k, m], or with an axis for time before. */
export const batchedProduct = (
  backend: Backend, y: Variable, a: Variable, b: Variable, { accumulate = false, transpose }: ProductOptions,
): TapeOperation => {
  const left = transpose === 'a' ? transposed(a.value) : a.value
  const right = transpose === 'b' ? transposed(b.value) : b.value
  return {
    forward: [backend.batchedMatmul({ out: y.value, a: left, b: right, accumulate })],
    backward(claim) {
      // Of a transpose, the gradient is the transpose: (l·r)' = r'·l'.
      const gradient = (of: Variable, isTransposed: boolean, l: Tensor, r: Tensor): Kernel[] => {
        if (!requiresGradient(of)) return []
        const { clear, adds } = claim(of)
        const [first, second] = isTransposed ? [transposed(r), transposed(l)] : [l, r]
        return [...clear, backend.batchedMatmul({ out: of.grad, a: first, b: second, accumulate: adds })]
      }
      return [
        ...gradient(a, transpose === 'a', y.grad, transposed(right)),
        ...gradient(b, transpose === 'b', transposed(left), y.grad),
      ]
    },
  }
}
