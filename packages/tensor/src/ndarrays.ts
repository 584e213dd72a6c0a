import ndarray, { type NdArray } from 'ndarray'
import { flatten, shapeOf, type TensorLike } from './nested.ts'
import { sizeOf, stridesOf, type DType, type Floats, type Tensor } from './tensor.ts'

const arrayOf = { float32: Float32Array, float64: Float64Array }

/**
 * A new row-major `NdArray` from nested lists, a typed array with a shape, or another tensor (copied).
 *
 * ```ts
 * import { tensor } from 'recurra'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]]) // [2, 3]
 * console.log(x.get(1, 2)) // 6
 * ```
 * @throws `ShapeError` if lists are ragged; it says where.
 */
export const tensor = (values: TensorLike, { dtype = 'float32' }: { dtype?: DType } = {}): NdArray<Floats> => {
  const shape = [...shapeOf(values)]
  return ndarray<Floats>(arrayOf[dtype].from(flatten(values)), shape)
}

/** A new `NdArray` with one value everywhere. */
export const full = (shape: readonly number[], value: number, { dtype = 'float32' }: { dtype?: DType } = {}): NdArray<Floats> =>
  ndarray<Floats>(new arrayOf[dtype](sizeOf(shape)).fill(value), [...shape])

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
 */
export const zeros = (shape: readonly number[], options: { dtype?: DType } = {}): NdArray<Floats> => full(shape, 0, options)

/**
 * The full `NdArray` interface (`get`, `pick`, `lo`, `hi`, `step`, `transpose`) over the same memory.
 *
 * ```ts
 * import { dense, ndarrayOf, sequential } from 'recurra'
 *
 * const model = sequential(4, [dense(2, { initialise: { weight: 3, bias: 0 } })])
 * console.log(ndarrayOf(model.stream().step([1, 1, 0, 0])).get(0, 1)) // 6
 * ```
 */
export const ndarrayOf = <D extends Floats | Int32Array>({ data, shape, stride, offset }: Tensor<D>): NdArray<D> =>
  ndarray<D>(data, [...shape], stride.length ? [...stride] : stridesOf(shape), offset)
