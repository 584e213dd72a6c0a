import ndarray, { type NdArray } from 'ndarray'
import { expectCount } from './errors.ts'
import { expectHeld } from './held.ts'
import { flatValues, shapeOf, type TensorLike } from './nested.ts'
import { oneOf } from './option.ts'
import { options } from './options.ts'
import { sizeOf, stridesOf, type DType, type Floats, type Tensor } from './tensor.ts'

const arrayOf = { float32: Float32Array, float64: Float64Array }

/** Options of `tensor` and `zeros`. */
interface TensorOptions {
  /** The number type. Default: `'float32'`. */
  readonly dtype?: DType
}

const dtypeOf = (owner: string, given: TensorOptions | undefined): DType =>
  options(owner, given, { dtype: oneOf('float32', 'float64')('float32') }).dtype

/**
 * A new row-major `NdArray` from nested lists, typed arrays, or another tensor (copied).
 *
 * ```ts
 * import { tensor } from 'recurra'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]]) // [2, 3]
 * console.log(x.get(1, 2)) // 6
 * ```
 * @throws `ShapeError` if lists are ragged; the error names the position.
 * @throws `ValueError` if something in them is not a number, such as null or a text, or is finite but too large for the
 * number type; the error names the position.
 * @throws `ConfigurationError` if an option is unknown, or `dtype` is not a number type.
 */
export const tensor = (values: TensorLike, given?: TensorOptions): NdArray<Floats> => {
  const dtype = dtypeOf('tensor', given)
  const shape = [...shapeOf(values, 'tensor')]
  const numbers = flatValues(values, 'tensor')
  expectHeld(numbers, dtype, 'tensor')
  return ndarray<Floats>(arrayOf[dtype].from(numbers), shape)
}

/**
 * A new `NdArray` of zeros.
 *
 * ```ts
 * import { zeros } from 'recurra'
 *
 * const x = zeros([2, 3])
 * x.set(1, 2, 5)
 * console.log(x.get(1, 2), x.shape) // 5 [2, 3]
 * ```
 * @throws `ConfigurationError` if a size is not an integer, an option is unknown, or `dtype` is not a number
 * type.
 */
export const zeros = (shape: readonly number[], given?: TensorOptions): NdArray<Floats> => {
  const dtype = dtypeOf('zeros', given)
  for (const size of shape) expectCount(size, 'a size of zeros', 0)
  return ndarray<Floats>(new arrayOf[dtype](sizeOf(shape)), [...shape])
}

/**
 * The full `NdArray` interface (`get`, `pick`, `lo`, `hi`, `step`, `transpose`) over the same memory.
 *
 * ```ts
 * import { dense, ndarrayOf, sequential } from 'recurra'
 *
 * const model = sequential(4, [dense(2, { initializers: { weight: 3, bias: 0 } })])
 * console.log(ndarrayOf(model.stream().step([1, 1, 0, 0])).get(0, 1)) // 6
 * ```
 */
export const ndarrayOf = <D extends Floats | Int32Array>({ data, shape, stride, offset }: Tensor<D>): NdArray<D> =>
  ndarray<D>(data, [...shape], stride.length ? [...stride] : stridesOf(shape), offset)
