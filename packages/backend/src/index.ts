/**
 * The contract between layers and machines, and the JavaScript reference backend.
 *
 * @module @recurra/backend
 */
export type {
  Backend, Kernel, PackedProduct, Profile, ReadBack, Scope, ScopeOptions,
} from './backend.ts'
export { batchedFormula } from './batched-formula.ts'
export { sumBlock } from './matrix-product.ts'
export type { BatchedProductOf, ProductOf } from './product-of.ts'
export { backend, backendOption, commonBackend } from './choose.ts'
export { atEachStep, inOrder } from './in-order.ts'
export { javascript, type JavaScriptOptions } from './javascript/javascript.ts'
export { after, allOf, expectAtOnce } from './later.ts'
export { rangesOf, sideBySide, type Range, type SideBySide, type TensorsByName } from './side-by-side.ts'
export { giveWay, pauses } from './pauses.ts'
export { loadNative, type Native } from './webassembly/native/native.ts'
export type { NativeKernel, NativeKernels } from './webassembly/native/kernels.ts'
export { webassembly, type MultiplyAddRounding, type WebAssemblyOptions } from './webassembly/webassembly.ts'
export { int8Backend, type Int8Backend } from './int8/int8-backend.ts'
export { isReadIn, recordingBackend, type Reads, type Recording } from './int8/recording-backend.ts'
export { int8Of, integersOf, type Int8Matrix } from './int8/int8-matrix.ts'
