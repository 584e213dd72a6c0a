import { inOrder, type Backend, type Kernel, type ProductOf } from '@recurra/backend'
import { accumulate, formula } from '@recurra/formula'
import { asRows, reversed, transposed, type Tensor } from '@recurra/tensor'
import { addRows, features, withoutPadding } from './kernels.ts'
import type { CallShape } from './frame.ts'
import { passOf, type Pass } from './pass.ts'
import { requiresGradient, type Variable, type Wire } from './variable.ts'

/** The operands of `linear`. */
export interface LinearOperands {
  /**
   * Features of any shape, as rows [rows, features]. One-hot rows, given by `symbols`, select rows of W without a
   * product.
   */
  readonly x: Wire
  /** W: [features, size]. */
  readonly weight: Variable
  /** b: [size]. Without a gradient of its own, where it is made of others. */
  readonly bias?: Variable | undefined
  /** [rows, size], in any shape. The padding of its gradient must be 0. */
  readonly y: Variable
  /** Adds to y: y += x·W. Default: false. */
  readonly accumulate?: boolean
}

const addBias = formula({ column: ['bias'] }, ({ bias }) => ({ y: accumulate(bias) }))

/**
 * y = x·W + b for each row: the input product of every layer with a weight. Backward: dx = dy·Wᵀ if it is needed, dW +=
 * xᵀ·dy and db += Σ dy. The padding of x, and so of y, may hold anything.
 */
export const linear = (backend: Backend, operands: LinearOperands, callShape: CallShape): Pass => {
  const { forward, backward } = linearKernels(backend, operands, callShape)
  return passOf(forward, callShape.mode === 'training' ? backward(operands.x.accumulates) : [])
}

/** The kernels of `linear`; backward, the gradient of x is overwritten, or with `adds` added to. */
export const linearKernels = (
  backend: Backend, { x, weight, bias, y, accumulate = false }: LinearOperands, callShape: CallShape,
): { readonly forward: readonly Kernel[]; readonly backward: (adds?: boolean) => readonly Kernel[] } => {
  const { symbols } = x
  const out = asRows(y.value)
  const biasGradient = (dy: Tensor): Kernel[] =>
    (bias && requiresGradient(bias) ? [backend.formula(addRows, { x: dy, y: bias.grad })] : [])
  if (symbols) return {
    forward: [
      backend.gather({ out, table: weight.value, indices: symbols }),
      ...(bias ? [backend.formula(addBias, { bias: bias.value, y: out })] : []),
    ],
    backward() {
      const dy = reversed(asRows(y.grad))
      return [
        backend.scatterAdd({ table: weight.grad, rows: dy, indices: reversed(symbols) }), ...biasGradient(dy),
      ]
    },
  }
  const { x: rows, clean } = withoutPadding(backend, features(x), callShape)
  const product = { out, a: rows, b: weight.value, accumulate, ...(bias && { bias: bias.value }) }
  return {
    forward: [...clean, weightProduct(backend, product, callShape.streaming)],
    backward(adds = false) {
      const dy = asRows(y.grad)
      const ofX = { out: asRows(x.grad), a: dy, b: transposed(weight.value), accumulate: adds }
      return [
        ...(requiresGradient(x) ? [weightProduct(backend, ofX)] : []),
        backend.matmul({ out: weight.grad, a: transposed(reversed(rows)), b: reversed(dy), accumulate: true }),
        ...biasGradient(reversed(dy)),
      ]
    },
  }
}

/**
 * A product whose `b` is a weight. It is packed if it `seldom` changes between two runs, as in the steps of a stream,
 * or if the backend keeps weights in another form.
 */
export const weightProduct = (backend: Backend, operands: ProductOf, seldom = false): Kernel => {
  if (!seldom && !backend.packsWeights) return backend.matmul(operands)
  const { prepare, run } = backend.packedMatmul(operands)
  return inOrder([prepare, run])
}
