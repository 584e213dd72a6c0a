/**
 * Tensors at the edges of the framework: typed arrays with a shape, views, nested lists, seeded random numbers,
 * and the errors that every package throws.
 *
 * @module @recurra/tensor
 */
export type { AbortSignalLike } from './abort-signal.ts'
export { editDistance } from './edit-distance.ts'
export { copyElements, expectShape, forEachPosition } from './elements.ts'
export {
  ConfigurationError, expectCount, expectWithin, MemoryError, RecurraError, ShapeError, ValueError, type Complaint,
} from './errors.ts'
export { expectIndices } from './expect-indices.ts'
export { expectHeld, largestIn, notHeld } from './held.ts'
export { indexCount, indicesOver } from './index-count.ts'
export { indexOfLargest } from './index-of-largest.ts'
export { logSoftmaxOf } from './log-softmax-of.ts'
export type { NamedTensor, NamedTensors } from './named-tensor.ts'
export { didYouMean, nearest } from './nearest.ts'
export { ndarrayOf, tensor, zeros } from './ndarrays.ts'
export { flatValues, isTensor, shapeOf, toNested, type Nested, type TensorLike } from './nested.ts'
export { copyNumbers, howToBeANumber, isNumberArray, notANumber, type NumberArray } from './numbers.ts'
export * as option from './option.ts'
export type { Option } from './option.ts'
export { describeValue } from './describe-value.ts'
export { expectKnown, expectNoMore, isRecord, options, type Checked } from './options.ts'
export { Random } from './random.ts'
export { systemReasons } from './system-reasons.ts'
export {
  describeShape, sizeOf, stridesOf, tensorOver, type DType, type Floats, type Indices, type Tensor,
} from './tensor.ts'
export {
  asRows, at, columns, isContiguous, isIndices, reshape, reversed, rows, slice, swapTimeAndBatch, transposed, viewOf,
} from './views.ts'
