import { inOrder, type Backend, type Kernel, type ProductOf } from '@recurra/backend'

/**
 * A product whose `b` is a weight. It is packed if it `seldom` changes between two runs, as in the steps of a stream,
 * or if the backend keeps weights in another form.
 */
export const weightProduct = (backend: Backend, operands: ProductOf, seldom = false): Kernel => {
  if (!seldom && !backend.packsWeights) return backend.matmul(operands)
  const { prepare, run } = backend.packedMatmul(operands)
  return inOrder([prepare, run])
}
