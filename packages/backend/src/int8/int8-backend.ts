import { ConfigurationError, sizeOf, type Tensor } from '@recurra/tensor'
import type { Backend, Kernel } from '../backend.ts'
import { packedProductOf } from '../matrix-product.ts'
import type { ProductOf } from '../product-of.ts'
import { extended, wrapping, type Machine } from '../scopes.ts'
import { int8ProductsOf } from '../webassembly/int8/int8-products.ts'
import { declareInt8, expectSummable, int8MatricesIn, int8ViewOf, roundToInt8 } from './int8-matrix.ts'
import { int8Product, type Int8Products } from './int8-product.ts'

/** A backend that computes products with int8 matrices as sums of integers. It is for inference alone. */
export interface Int8Backend extends Backend {
  /**
   * Turns a matrix into one of int8, with a scale per index of `axis`; what is written to it from now on is rounded.
   * Products that are bound afterwards add up integers.
   */
  readonly declareInt8: (matrix: Tensor, axis: 0 | 1) => void
}

const reference: Int8Products = { name: 'JavaScript', bind: int8Product }

const noWritingTo = (tensor: Tensor): ConfigurationError =>
  new ConfigurationError({
    where: 'int8 matrix',
    expected: 'values from `write`, which rounds them',
    got: `a kernel that writes to a quantized parameter of shape [${tensor.shape}]`,
    fix: 'Change the float32 model, and quantize it again.',
  })

const refuseTraining = (where: string): never => {
  throw new ConfigurationError({
    where,
    expected: "mode 'inference', since the model is quantized",
    got: "mode 'training'",
    fix: 'Train the float32 model, and quantize it again.',
  })
}

const opaque = (name: string): ConfigurationError =>
  new ConfigurationError({
    where: 'quantize',
    expected: 'a backend whose memory the program can read at once',
    got: name,
    fix: 'Build the model on backend().',
  })

/**
 * A backend over the memory of another one, with int8 products.
 * @throws `ConfigurationError` if the backend is asynchronous.
 * @throws `MemoryError` if there is not enough memory.
 */
export const int8Backend = (backend: Backend): Int8Backend => {
  if (backend.answersLater) throw opaque(backend.name)
  const products = int8ProductsOf(backend) ?? reference
  const extend = (machine: Machine): Machine => {
    const bind = (operands: ProductOf): Kernel | undefined => {
      const view = int8ViewOf(operands.b)
      return view && products.bind(packedProductOf(operands), view)
    }
    const guarded = wrapping(machine, (kernel, _, ...written) => {
      const wrong = written.find(({ data }) => int8MatricesIn(data).length > 0)
      if (wrong) throw noWritingTo(wrong as Tensor)
      return kernel
    })
    return {
      ...guarded,
      expectTraining: refuseTraining,
      roundsRows: true,
      describe: () => `${machine.describe()}, int8 products in ${products.name}`,
      write: (to, values) => {
        machine.write(to, values)
        int8MatricesIn(to.data).forEach(roundToInt8)
      },
      matmul: (operands) => bind(operands) ?? guarded.matmul(operands),
      packedMatmul: (operands) => {
        const run = bind(operands)
        return run ? { prepare: () => {}, run } : guarded.packedMatmul(operands)
      },
    }
  }
  return Object.assign(extended(backend, extend), {
    declareInt8: (matrix: Tensor, axis: 0 | 1): void => {
      if (matrix.data.length < matrix.offset + sizeOf(matrix.shape)) throw opaque(backend.name)
      if (axis === 1) expectSummable(matrix.shape[0]!, 'int8 matrix')
      roundToInt8(declareInt8(matrix, axis))
    },
  })
}
